"""The answers of the unattended install, and the one line of boot.cfg that names them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address

import pytest

from gatekit.errors import IntentError
from gatekit.install.esxi.boot_configuration import require_installer, with_kickstart
from gatekit.install.esxi.installation import Installation
from gatekit.install.esxi.kickstart import kickstart
from gatekit.install.esxi.password_hash import fresh_salt, salt_of, sha512_crypt
from tests.unit.gatekit.install.esxi.stand_in import BOOT_CFG

HOST = Installation(
    site="kita",
    host_name="gw-kita-esx.idlink.example.jp",
    address=IPv4Address("10.161.4.5"),
    netmask=IPv4Address("255.255.255.0"),
    default_gateway=IPv4Address("10.161.4.254"),
    dns_servers=(IPv4Address("10.200.9.10"), IPv4Address("10.200.9.11")),
    nic1_mac="aa:bb:cc:00:11:22",
    vlan=0,
)
DAY = date(2026, 11, 23)


def test_ap_1_the_answers_are_the_plans() -> None:
    assert kickstart(HOST, "$6$salt$hash", DAY).splitlines() == [
        "# kita: gw-kita-esx.idlink.example.jp, made on 2026-11-23. It WIPES the first local disk.",
        "vmaccepteula",
        "install --firstdisk=local --overwritevmfs",
        "rootpw --iscrypted $6$salt$hash",
        (
            "network --bootproto=static --device=AA:BB:CC:00:11:22 --ip=10.161.4.5 --netmask=255.255.255.0"
            " --gateway=10.161.4.254 --nameserver=10.200.9.10,10.200.9.11 --hostname=gw-kita-esx.idlink.example.jp"
            " --addvmportgroup=false"
        ),
        "keyboard Japanese",
        "reboot",
    ]


def test_a_tagged_management_network_has_its_vlan() -> None:
    assert " --vlanid=42 " in kickstart(replace(HOST, vlan=42), "$6$salt$hash", DAY)


def test_nothing_runs_at_first_boot_so_nothing_can_hang_there() -> None:
    assert "%" not in kickstart(HOST, "$6$salt$hash", DAY)


def test_only_the_kernel_options_change_and_crlf_stays() -> None:
    changed = with_kickstart(BOOT_CFG, "cdrom:/KS.CFG", "iso")
    assert changed == BOOT_CFG.replace(
        b"kernelopt=runweasel cdromBoot\r\n", b"kernelopt=runweasel ks=cdrom:/KS.CFG systemMediaSize=min\r\n"
    )
    unix = BOOT_CFG.replace(b"\r\n", b"\n")
    assert with_kickstart(unix, "usb:/KS.CFG", "iso").count(b"\r") == 0


@pytest.mark.parametrize("content", [BOOT_CFG.replace(b"kernelopt=", b"kernel0pt="), BOOT_CFG * 2])
def test_a_boot_cfg_without_exactly_one_kernelopt_is_refused(content: bytes) -> None:
    with pytest.raises(IntentError) as caught:
        with_kickstart(content, "cdrom:/KS.CFG", "iso /BOOT.CFG")
    assert caught.value.facts[:3] == ("GW145", "iso /BOOT.CFG", "not exactly one kernelopt=")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param(BOOT_CFG.replace(b"build=8.0.3", b"build=7.0.3"), "7.0.3", id="esxi-7"),
        pytest.param(BOOT_CFG.replace(b"ESXi installer", b"ESXi"), "not an ESXi installer", id="installed-host"),
        pytest.param(b"", "not an ESXi installer", id="no-boot-cfg"),
    ],
)
def test_what_is_not_an_installer_of_8_0_or_newer_is_refused(content: bytes, found: str) -> None:
    with pytest.raises(IntentError) as caught:
        require_installer(content, "iso")
    assert caught.value.facts[:3] == ("GW145", "iso", found)


def test_the_installer_of_8_0_update_3_is_taken() -> None:
    assert require_installer(BOOT_CFG, "iso") == (8, 0, 3)


def test_the_hash_is_sha512_crypt_as_specified() -> None:
    # test vector of Ulrich Drepper's specification of SHA-crypt
    assert sha512_crypt("Hello world!", "saltstring") == (
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"
    )


def test_a_salt_is_random_and_found_again() -> None:
    first, second = fresh_salt(), fresh_salt()
    assert first != second
    assert re.fullmatch(r"[a-zA-Z0-9]{16}", first)
    assert salt_of(f"rootpw --iscrypted {sha512_crypt('secret word', first)}\n") == first
    assert salt_of("rootpw plain") is None


@pytest.mark.parametrize("password", ["", "two\nlines", "パスワード"])
def test_a_password_that_cannot_be_typed_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(IntentError) as caught:
        sha512_crypt(password, "salt")
    assert caught.value.facts[:3] == ("GW104", "vault.esxi_password", "<secret>")
