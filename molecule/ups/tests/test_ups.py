"""AP-5: VM2 watches a UPS that is played, VM1 hears of it, and nobody else may ask or read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm2"]


@pytest.fixture
def root(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


def test_ap_5_the_ups_is_watched_and_vm1_hears_of_it(root: Host) -> None:
    assert root.check_output("upsc gwups@localhost ups.status 2>/dev/null") == "OL"
    assert set(root.check_output("upsc -c gwups@localhost 2>/dev/null").split()) == {"127.0.0.1", "10.166.239.10"}


@pytest.mark.parametrize("unit", ["nut-driver@gwups", "nut-server", "nut-monitor"])
def test_ap_5_its_units_run_and_start_with_the_machine(root: Host, unit: str) -> None:
    assert root.service(unit).is_running
    assert root.service(unit).is_enabled


def test_the_shutdown_is_there_whole_and_does_not_run(root: Host) -> None:
    modules = "esxi_host, journal, nut_server, sequence, shutdown"
    root.check_output(f"PYTHONPATH=/usr/local/lib/gatekit python3 -c 'from gatekit_ups import {modules}'")
    assert not root.service("gatekit-ups-shutdown").is_running
    assert not root.file("/var/lib/gatekit-ups/journal.jsonl").exists


@pytest.mark.parametrize(
    ("path", "mode", "group"),
    [
        ("/etc/gatekit/ups_host_password", 0o600, "root"),
        ("/etc/gatekit/ups_command_password", 0o600, "root"),
        ("/etc/nut/upsd.users", 0o640, "nut"),
        ("/etc/nut/upsmon.conf", 0o640, "nut"),
    ],
)
def test_a_file_with_a_password_is_nobody_elses(root: Host, path: str, mode: int, group: str) -> None:
    file = root.file(path)
    assert (file.mode, file.user, file.group) == (mode, "root", group)


def test_a_wrong_password_gives_no_order(root: Host) -> None:
    said = root.run("upscmd -u gwcommand -p wrong gwups@localhost load.off")
    assert said.rc != 0
    assert "ACCESS-DENIED" in said.stdout + said.stderr or "Access denied" in said.stdout + said.stderr
