"""The program that VM2 runs when the UPS gives in, as it lies on VM2, against the simulated host over TLS."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sites import ROOT
from tests.stories.esxi import simulator, site
from tests.stories.esxi.loopback import PASSWORDS
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

STOP_S, ORDER_S = 3, 3


@pytest.fixture
def host(esxi: Simulator) -> Simulator:
    """The planned host with its accounts, three machines running, its seconds a hundred times shorter."""
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
    esxi.control("second?ms=10")
    return esxi


class Program:
    """The installed program and its settings; ``run`` returns the journal's lines without times."""

    def __init__(self, folder: Path, esxi: Simulator, password: str = PASSWORDS["gwups"]) -> None:
        self.folder, self.password = folder, password
        shutil.copytree(ROOT / "gatekit/portable/ups", folder / "gatekit_ups")
        (folder / "host_password").write_text(f"{password}\n")
        (folder / "ups_password").write_text("nobody-asks\n")
        (folder / "ca.pem").write_text(esxi.ca)
        reached = {"address": simulator.ADDRESS, "port": esxi.port, "user": "gwups"}
        self.settings: dict[str, Any] = {
            "host": {**reached, "password_file": str(folder / "host_password"), "ca_file": str(folder / "ca.pem")},
            "machines": [{"name": name, "stop_s": STOP_S} for name in ("vm3", "vm1")],
            "order_s": ORDER_S,
            "ups": {"name": "gwups", "port": 1, "user": "gwpower", "password_file": str(folder / "ups_password")},
            "journal": str(folder / "journal.jsonl"),
        }

    def run(self, limit_s: float = 60.0) -> list[tuple[str, str]]:
        path = self.folder / "settings.json"
        path.write_text(json.dumps(self.settings))
        command = [sys.executable, "-m", "gatekit_ups.shutdown", str(path)]
        environment = os.environ | {"PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=limit_s
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert self.password not in done.stdout
        lines = Path(self.settings["journal"]).read_text().splitlines()
        printed = done.stdout.splitlines()
        assert lines[-len(printed) :] == printed
        return [(row["what"], row["event"]) for row in map(json.loads, printed)]


def power(esxi: Simulator) -> list[tuple[str, str]]:
    """Return what happened to the machines and to the host, as the host itself knows it."""
    found = json.loads(esxi.control("power", method="GET"))
    return [(row.get("vm", "host"), row["event"]) for row in found["journal"] or ()]


def until_off(esxi: Simulator) -> None:
    ends_s = time.monotonic() + 20.0
    while json.loads(esxi.control("power", method="GET"))["on"]:
        assert time.monotonic() < ends_s
        time.sleep(0.05)


def test_ap_5_everything_stops_in_order_under_the_account_of_the_ups_alone(host: Simulator, tmp_path: Path) -> None:
    for name in ("vm1", "vm2", "vm3"):
        host.control("guest", {"VM": name, "ShutdownFor": 300})
    said = Program(tmp_path, host).run()
    until_off(host)
    assert said == [
        ("shutdown", "begins; there is no way back"),
        ("vm3", "is asked to shut down"),
        ("vm3", "is off"),
        ("vm1", "is asked to shut down"),
        ("vm1", "is off"),
        ("ups", "could not be told to cut its output: ConnectionRefusedError"),
        ("host", "is told to shut down"),
        ("host", "has taken it"),
        ("shutdown", "ends; this machine goes last"),
    ]
    assert [event for event in power(host) if event[0] in {"vm1", "vm3"}] == []  # the host found them off
    assert power(host)[-1] == ("host", "off")


def test_ap_5_a_guest_that_hangs_is_switched_off_and_the_rest_keeps_its_turn(host: Simulator, tmp_path: Path) -> None:
    host.control("guest", {"VM": "vm3", "Hang": True})
    host.control("guest", {"VM": "vm1", "Tools": "off"})
    said = Program(tmp_path, host).run()
    until_off(host)
    for name in ("vm3", "vm1"):
        assert said.index((name, "did not stop in time")) + 1 == said.index((name, "is switched off"))
    assert ("vm1", "ToolsUnavailable") in said
    assert ("host", "has taken it") in said


def test_ap_5_a_refused_login_ends_in_time_and_nothing_is_touched(host: Simulator, tmp_path: Path) -> None:
    begun_s = time.monotonic()
    said = Program(tmp_path, host, "not-the-password").run()
    assert time.monotonic() - begun_s < 2 * (STOP_S + ORDER_S) + ORDER_S + 10
    assert ("vm3", "InvalidLogin") in said
    assert said[-2:] == [("host", "does not shut down"), ("shutdown", "ends; this machine goes last")]
    assert power(host) == []


def test_ap_5_another_certificate_than_the_sites_ends_in_time(
    host: Simulator, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = tmp_path_factory.mktemp("stranger")
    simulator.make_certificates(stranger)
    program = Program(tmp_path, host)
    (tmp_path / "ca.pem").write_text((stranger / "ca.pem").read_text())
    assert ("vm3", "SSLCertVerificationError") in program.run()
    assert power(host) == []


def test_ap_5_a_connection_that_breaks_and_a_host_that_stutters_do_not_change_the_order(
    host: Simulator, tmp_path: Path
) -> None:
    host.control("status?code=503")
    host.control("drop?n=2")
    host.fault("ShutdownGuest", "HostCommunication")
    program = Program(tmp_path, host)
    for machine in program.settings["machines"]:
        machine["stop_s"] = 20
    said = program.run()
    until_off(host)
    order = [row for row in said if row[1] in {"is off", "has taken it"}]
    assert order == [("vm3", "is off"), ("vm1", "is off"), ("host", "has taken it")]


def test_ap_5_a_second_run_finds_the_machines_off(host: Simulator, tmp_path: Path) -> None:
    host.fault("ShutdownHost_Task", "NoPermission", maximum=1000)
    program = Program(tmp_path, host)
    assert program.run()[-2] == ("host", "does not shut down")
    host.control("fault", method="DELETE")
    program.run()
    until_off(host)
    assert [row for row in power(host) if row[0] != "host"] == [("vm2", "guestShutdown")]


def test_ap_5_when_the_mains_are_back_the_host_starts_its_machines_in_order(host: Simulator, tmp_path: Path) -> None:
    Program(tmp_path, host).run()
    until_off(host)
    host.control("power/on")
    ends_s = time.monotonic() + 20.0
    while [row for row in power(host) if row[1] == "powerOn"][-3:] != [
        ("vm2", "powerOn"), ("vm1", "powerOn"), ("vm3", "powerOn"),
    ]:  # fmt: skip
        assert time.monotonic() < ends_s, power(host)
        time.sleep(0.1)
