from __future__ import annotations

import json

import pytest
import yaml

from gatekit.errors import RenderError
from gatekit.plan.appliance import DataDiskPlan, VmPlan
from gatekit.render.cloud_init import FirstBoot, GuestInfo, render
from gatekit.render.cloud_init.guest_info import decode, encode
from tests.sites import PATTERNS, example_plan

HOST_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA-not-a-key-BBBB\n-----END OPENSSH PRIVATE KEY-----\n"
KEYS = ("ssh-ed25519 AAAAC3Nz operator", "ssh-ed25519 AAAAC3Nb support")


def vm(name: str = "vm1", pattern: str = "pattern4") -> VmPlan:
    return example_plan(pattern).vm(name)


def info(keys: tuple[str, ...] = KEYS, host_key: str = HOST_KEY) -> GuestInfo:
    return render(vm(), FirstBoot(keys, host_key))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_metadata_gives_the_guest_its_planned_network(pattern: str) -> None:
    guest = vm("vm2", pattern)
    document = yaml.safe_load(render(guest, FirstBoot(KEYS, HOST_KEY)).metadata)
    (nic,) = document["network"]["ethernets"].values()
    assert document["local-hostname"] == guest.host_name
    assert nic["match"] == {"macaddress": guest.mac}
    assert nic["addresses"] == [f"{guest.address}/{guest.prefix_length}"]
    assert nic["routes"] == [{"to": "0.0.0.0/0", "via": str(guest.default_gateway)}]
    assert nic["nameservers"]["addresses"] == [str(server) for server in guest.dns_servers]
    assert document["redact"] == ["userdata", "vendordata"]


def test_user_data_lets_in_the_operator_by_key_and_nobody_else() -> None:
    text = info().user_data
    assert text.startswith("#cloud-config\n")
    document = yaml.safe_load(text)
    (account,) = document["users"]
    assert account["name"] == "gwops"
    assert account["ssh_authorized_keys"] == list(KEYS)
    assert (account["lock_passwd"], account["sudo"]) == (True, "ALL=(ALL) NOPASSWD:ALL")
    assert (document["disable_root"], document["ssh_pwauth"], document["ssh_deletekeys"]) == (True, False, True)
    assert document["ssh_keys"] == {"ed25519_private": HOST_KEY}
    assert ["usermod", "--lock", "root"] in document["bootcmd"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert info() == info()
    assert info().secret_options() == info().secret_options()


def test_encoding_is_reversible_and_holds_no_clock() -> None:
    value = encode("text")
    assert decode(value) == "text"
    assert value == encode("text")
    assert " " not in value  # the simulator joins arguments into a shell line


def test_metadata_holds_no_secret_and_the_fingerprint_tells_nothing() -> None:
    found = info()
    assert "not-a-key" not in found.metadata
    assert "not-a-key" not in repr(found)
    assert "not-a-key" not in repr(FirstBoot(KEYS, HOST_KEY))
    assert json.dumps(found.public_options()).find("userdata") == -1
    assert len(found.fingerprint) == 64


def test_the_fingerprint_follows_the_user_data() -> None:
    other_key = HOST_KEY.replace("AAAA", "CCCC")
    assert len({info().fingerprint, info(KEYS[:1]).fingerprint, info(host_key=other_key).fingerprint}) == 3


TWO_LINES = "ssh-ed25519 A\nB"


@pytest.mark.parametrize(
    ("keys", "host_key", "path", "value"),
    [
        pytest.param((), HOST_KEY, "vm1.authorized_keys", (), id="nobody-could-log-in"),
        pytest.param((TWO_LINES,), HOST_KEY, "vm1.authorized_keys", TWO_LINES, id="two-lines"),
        pytest.param(("not a key",), HOST_KEY, "vm1.authorized_keys", "not a key", id="no-key"),
        pytest.param(KEYS, "x-secret", "vm1.ssh_host_key", "<secret>", id="host-key-of-another-form"),
    ],
)
def test_what_cloud_init_could_not_use_is_refused(
    keys: tuple[str, ...], host_key: str, path: str, value: object
) -> None:
    with pytest.raises(RenderError) as caught:
        info(keys, host_key)
    assert caught.value.facts[:3] == ("GW302", path, value)
    assert "x-secret" not in str(caught.value)


def test_a_document_that_does_not_fit_the_vmx_is_refused() -> None:
    noise = tuple(f"ssh-ed25519 {number:x}{number**40:x} key" for number in range(10**5, 10**5 + 1200))
    with pytest.raises(RenderError) as caught:
        info(noise)
    assert caught.value.facts[:2] == ("GW302", "vm1.guestinfo.userdata")


def test_a_data_disk_is_made_at_the_first_boot_and_mounted_by_its_label_alone() -> None:
    disk = DataDiskPlan(size_gb=4000, folder="/srv/archive")
    guest = vm().model_copy(update={"data_disk": disk})
    document = yaml.safe_load(render(guest, FirstBoot(KEYS, HOST_KEY)).user_data)
    assert document["bootcmd"][-1] == ["gatekit-data-disk", "gatekit-data"]
    assert document["mounts"] == [
        ["LABEL=gatekit-data", "/srv/archive", "ext4", "defaults,nosuid,nodev,nofail,x-systemd.growfs", "0", "2"]
    ]
    plain = yaml.safe_load(info().user_data)
    assert "mounts" not in plain
    assert len(plain["bootcmd"]) == 1
