"""One box, its simulator and what the engine needs, for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Outcome
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from gatekit.devices.change.way_back import Pace
from gatekit.simulators import Simulator
from tests.sites import example_plan
from tests.unit.gatekit.devices.change.box import PSK, Box, BoxPlatform

KEY = "fingerprint-key-of-the-vault"
SECRETS = {"vpn_psk": PSK}
PACE = Pace(retry_s=0.05, login_s=1.0, back_s=2.0)


class Lab:
    """A box behind its port, and one way to change it."""

    def __init__(self, box: Box, simulator: Simulator, folder: Path) -> None:
        self.box, self.simulator, self.folder = box, simulator, folder
        self.part = example_plan("pattern4").l3_switch
        self.record = DeviceRecord(folder, "box-k", KEY)
        self.said: list[str] = []

    def request(self, platform: BoxPlatform, **conditions: Any) -> ChangeRequest:
        wanted = {"secrets": SECRETS, "plan_sha256": "0" * 64, "undo_after_s": 600, "pace": PACE, **conditions}
        return ChangeRequest(platform=platform, login=self.simulator.login(), part=self.part, **wanted)

    def change(self, platform: BoxPlatform, **conditions: Any) -> Outcome:
        return change_device(self.request(platform, **conditions), self.record, self.said.append)

    def running(self) -> dict[str, str]:
        return self.simulator.run(lambda: dict(self.box.running))

    def startup(self) -> dict[str, str]:
        return self.simulator.run(lambda: dict(self.box.startup))

    def lines(self) -> list[str]:
        return self.simulator.run(lambda: list(self.box.said))


@pytest.fixture
def make_lab(tmp_path) -> Iterator[Callable[..., Lab]]:
    opened: list[Simulator] = []

    def make(speed: float = 600.0) -> Lab:
        box = Box(speed)
        simulator = Simulator(box)
        opened.append(simulator)
        return Lab(box, simulator.__enter__(), tmp_path / "devices")

    yield make
    for simulator in opened:
        simulator.__exit__(None, None, None)


@pytest.fixture
def lab(make_lab) -> Lab:
    return make_lab(20.0)  # the undo timer's 600 s are 30 of ours: a busy machine does not set it off
