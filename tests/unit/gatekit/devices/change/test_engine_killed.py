"""The controller dies between push and keep: what the device and the next run make of it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending
from gatekit.devices.change.request import UNFINISHED
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.change.box import PSK, STARTUP, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import Lab

pytestmark = pytest.mark.peer
WANTED = {"psk": "<secret vpn_psk>", "ntp": "10.200.9.10"}
BECAME = {**STARTUP, "psk": PSK, "ntp": "10.200.9.10"}
LIMIT_S = 20.0


def until(true) -> None:
    ends = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


def end_a_controller(lab: Lab, tmp_path, by: signal.Signals, *, timed: bool) -> None:
    """Start one, and end it while its change is active and not yet kept."""
    active = tmp_path / "active"
    here = (str(lab.simulator.port), lab.simulator.known_hosts, lab.folder, active, "yes" if timed else "no")
    command = [sys.executable, "-m", "tests.unit.gatekit.devices.change.controller", *map(str, here)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as controller:
        until(lambda: active.exists() or controller.poll() is not None)
        assert controller.poll() is None
        assert lab.running() == BECAME
        controller.send_signal(by)
        if by is not signal.SIGKILL:
            until(lambda: lab.running() == STARTUP)
            controller.kill()  # its probe would sleep on
    assert lab.startup() == STARTUP


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("timed", [True, False], ids=["with a timer", "without a timer"])
def test_a_polite_end_takes_the_change_back_at_once(make_lab, tmp_path, by, timed):
    lab = make_lab(1.0)  # its timer would take ten minutes
    end_a_controller(lab, tmp_path, by, timed=timed)
    assert lab.simulator.run(lambda: lab.box.timer) is None


def test_the_device_comes_back_by_its_own_timer(make_lab, tmp_path):
    lab = make_lab(200.0)  # 600 s of the device are 3 of ours
    end_a_controller(lab, tmp_path, signal.SIGKILL, timed=True)
    until(lambda: lab.running() == STARTUP)
    assert lab.simulator.run(lambda: lab.box.timer) is None


def test_the_next_run_waits_for_the_timer_then_changes_the_device(make_lab, tmp_path):
    lab = make_lab(1.0)
    end_a_controller(lab, tmp_path, signal.SIGKILL, timed=True)

    def watch(said: str) -> None:
        lab.said.append(said)
        if "waits for its undo" in said:
            assert lab.running() == BECAME
            lab.simulator.run(lab.box.timer.fire)

    outcome = change_device(lab.request(BoxPlatform(WANTED)), lab.record, watch)
    assert outcome.ending is Ending.CONFIRMED
    assert "await the earlier change" in outcome.seconds
    assert [said for said in lab.said if "waits for its undo" in said]
    assert lab.running() == lab.startup() == BECAME


def test_without_a_timer_the_next_run_says_that_a_restart_leads_back(make_lab, tmp_path):
    lab = make_lab(200.0)
    end_a_controller(lab, tmp_path, signal.SIGKILL, timed=False)
    platform = BoxPlatform(WANTED, timed=False)
    with pytest.raises(DeviceError) as refused:
        lab.change(platform)
    assert refused.value.facts == ("GW413", "box-k", "unsaved changes", UNFINISHED)
    lab.simulator.power_cycle(1.0)
    until(lambda: lab.simulator.run(lambda: lab.box.powered))
    assert lab.change(platform).ending is Ending.CONFIRMED
