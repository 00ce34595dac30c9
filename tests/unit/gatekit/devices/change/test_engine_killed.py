"""The controller dies between push and keep: what the device and the next run make of it."""

from __future__ import annotations

import os
import signal
import time

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending
from tests.unit.gatekit.devices.change import controller
from tests.unit.gatekit.devices.change.box import PSK, STARTUP, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import Lab
from tests.unit.gatekit.devices.processes import PROCESSES

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
    arguments = (lab.simulator.login(), lab.folder, active)
    process = PROCESSES.Process(target=controller.main, args=arguments, kwargs={"timed": timed}, daemon=True)
    process.start()
    try:
        until(lambda: active.exists() or not process.is_alive())
        assert process.is_alive()
        assert lab.running() == BECAME
        os.kill(process.pid, by)
        if by is not signal.SIGKILL:
            until(lambda: lab.running() == STARTUP)
    finally:
        process.kill()  # its probe would sleep on
        process.join()
    assert lab.startup() == STARTUP


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("timed", [True, False], ids=["with a timer", "without a timer"])
def test_a_polite_end_takes_the_change_back_at_once(make_lab, tmp_path, by, timed):
    lab = make_lab(1.0)  # its timer would take ten minutes
    end_a_controller(lab, tmp_path, by, timed=timed)
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
