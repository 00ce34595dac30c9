"""One simulated Junos box behind a real SSH port, and the engine that changes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ChangeSet, Outcome, ProbeResult
from gatekit.devices.change.platform import Login
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.way_back import Pace
from gatekit.devices.junos import PLATFORM, Junos
from gatekit.plan.network_device import Part
from gatekit.simulators import Simulator
from gatekit.simulators.junos import JunosDevice
from tests.unit.gatekit.simulators.junos.boxes import OLD_PASSWORD, SECRETS

PACE = Pace(retry_s=0.1, login_s=2.0, back_s=2.0)
RIGHT_MSS = ChangeSet(forward=("set security flow tcp-mss ipsec-vpn mss 1334",))
"""One line that puts the fixture's box right."""


class Lab:
    """One box behind its port, and the engine that changes it."""

    def __init__(self, device: JunosDevice, part: Part, folder: Path, **link: float) -> None:
        self.device, self.part = device, part
        self.simulator = Simulator(device, **link)
        self.record = DeviceRecord(folder, "firewall", "a-key-of-the-vault")
        self.said: list[str] = []

    def change(self, platform: Junos = PLATFORM, **conditions: Any) -> Outcome:
        request = ChangeRequest(
            platform=platform,
            login=self.login(),
            part=self.part,
            plan_sha256="0" * 64,
            **{"secrets": SECRETS, "undo_after_s": 6000, "interruption_allowed": True, "pace": PACE, **conditions},
        )
        return change_device(replace(request, later=self.login("firewall_password")), self.record, self.said.append)

    def login(self, secret: str = "") -> Login:
        """The way in, by the password of before or by one of ours."""
        password = SECRETS.get(secret, OLD_PASSWORD)
        return replace(self.simulator.login(password), device=self.part.name)

    def running(self) -> str:
        return self.simulator.run(self.device.running_text)

    def pending(self) -> bool:
        return self.simulator.run(lambda: self.device.commits.pending is not None)


class Sends(Junos):
    """Sends other lines than the plan's, whatever the box holds."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def change_set(self, observed, part, *, renewed_secrets):  # noqa: ARG002 - the platform's own signature
        return ChangeSet(forward=self.lines)


def fails() -> ProbeResult:
    return ProbeResult(name="portal", passed=False, found="no_answer")


def wait_for(condition: Callable[[], bool], limit_s: float) -> None:
    ends_at = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.02)
