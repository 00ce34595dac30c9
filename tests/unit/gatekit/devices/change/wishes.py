"""What the engine's tests want of the small box, and the evidence they give it."""

from __future__ import annotations

import pytest

from gatekit.devices.change.model import Ending, ProbeResult
from gatekit.devices.change.request import RevertedError
from tests.unit.gatekit.devices.change.box import PSK, STARTUP, BoxPlatform

WANTED = {"route": "10.161.4.0/24", "psk": "<secret vpn_psk>", "ntp": "10.200.9.10"}
BECAME = {**STARTUP, "route": "10.161.4.0/24", "psk": PSK, "ntp": "10.200.9.10"}
timers = pytest.mark.parametrize("timed", [True, False], ids=["with a timer", "without a timer"])


def passes() -> ProbeResult:
    return ProbeResult(name="portal", passed=True, found="accepted")


def fails() -> ProbeResult:
    return ProbeResult(name="dicom", passed=False, found="no_answer")


def configured(lab) -> list[str]:
    """Return every line that was more than a question."""
    return [line for line in lab.lines() if line.split(": ")[1].split() and "show" not in line]


def reverted(lab, platform: BoxPlatform, **conditions) -> RevertedError:
    with pytest.raises(RevertedError) as back:
        lab.change(platform, **conditions)
    assert lab.running() == lab.startup() == STARTUP
    assert back.value.outcome.ending is Ending.REVERTED
    assert back.value.outcome.after.fingerprint == back.value.outcome.before.fingerprint
    assert lab.simulator.run(lambda: lab.box.timer) is None
    assert lab.record.read().pending is None
    assert lab.record.read().confirmed == ()
    return back.value
