"""Who answers at a device's door: a listener on loopback, a closed port, and ssh as OpenSSH's client ends it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.comparison.devices import Door, closed, in_scope, listed
from gatekit.comparison.model import Finding
from gatekit.controller.connections import device_doors
from gatekit.controller.inventory import inventory_of
from tests.sites import ROOT, example_plan, vendor_plan

SITE = ROOT / "inventories" / "pattern1"
GROUPS = {"cpes": ["cpe"], "firewalls": ["firewall"], "esxi_hosts": ["esxi"], "linux_guests": ["vm1"]}


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the script that stands for ssh; its arguments are in ``asked``."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "ssh"


def answers(ssh: Path, status: int, said: str = "") -> None:
    ssh.write_text(f'#!/bin/sh\necho "$@" > {ssh.with_name("asked")}\necho "{said}" >&2\nexit {status}\n')
    ssh.chmod(0o755)


def test_a_closed_port_is_not_reached_with_the_reason(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = int(gone.getsockname()[1])
    found = closed([Door("esxi", "127.0.0.1", port, False), Door("vm1", "127.0.0.1", nobody, True)], Path("none"))
    assert found == {"vm1": (Finding.NOT_REACHED, f"127.0.0.1 port {nobody}: connection refused")}


def test_a_linux_host_is_logged_into_with_the_sites_own_keys(port: int, ssh: Path, tmp_path: Path) -> None:
    answers(ssh, 0)
    assert closed([Door("vm1", "127.0.0.1", port, True)], tmp_path / "ssh_config") == {}
    asked = f"-F {tmp_path}/ssh_config -o BatchMode=yes -o LogLevel=ERROR vm1 true"
    assert ssh.with_name("asked").read_text().strip() == asked


@pytest.mark.parametrize("said", ["Host key verification failed.", "gwops@127.0.0.1: Permission denied (publickey)."])
def test_another_host_key_and_a_refused_login_are_refusals(port: int, ssh: Path, said: str) -> None:
    answers(ssh, 255, said)
    assert closed([Door("vm1", "127.0.0.1", port, True)], Path("c")) == {"vm1": (Finding.REFUSED, said)}


def test_doors_are_those_of_the_devices_that_the_job_changes() -> None:
    hosts = inventory_of(example_plan("pattern1"), SITE).hosts
    facts = {host.name: host.variables for host in hosts}
    rows = device_doors(facts, GROUPS)
    assert [(row["device"], row["port"], row["by_key"]) for row in rows] == [
        ("cpe", 22, True),
        ("firewall", 22, True),
        ("esxi", 443, False),
        ("vm1", 22, True),
    ]


def test_a_vendors_device_is_logged_into_by_its_own_module_and_one_behind_a_jump_host_is_not_asked() -> None:
    part = vendor_plan("juniper_srx").firewall.model_dump(mode="json")
    facts = {"ansible_host": "10.161.4.254", "firewall_plan": part}
    assert [row["by_key"] for row in device_doors({"firewall": facts}, {"firewalls": ["firewall"]})] == [False]
    behind = facts | {"ansible_ssh_extra_args": "-o ProxyJump=office"}
    assert device_doors({"firewall": behind}, {"firewalls": ["firewall"]}) == []


def test_nw_4_a_switch_of_the_network_vendor_is_named_and_not_compared() -> None:
    plan = example_plan()
    switch = plan.l3_switch.model_copy(update={"managed_by": "network_vendor"})
    comparison = listed(plan.model_copy(update={"l3_switch": switch}), "change", {})
    (row,) = comparison.found(Finding.BY_VENDOR)
    assert row.name == "l3_switch"
    assert "no login" in row.reason


@pytest.mark.parametrize(
    ("tags", "devices"),
    [
        (["all"], {"cpe", "firewall", "l3_switch", "esxi", "vm1"}),
        (["plan", "firewall"], {"firewall"}),
        (["plan", "cpe", "squid"], {"cpe", "vm1"}),
        (["check"], set()),
    ],
)
def test_tags_say_which_devices_are_compared(tags: list[str], devices: set[str]) -> None:
    assert {name for name in ("cpe", "firewall", "l3_switch", "esxi", "vm1") if in_scope(name, tags)} == devices
