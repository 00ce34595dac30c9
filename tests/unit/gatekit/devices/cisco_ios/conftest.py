"""Boxes behind real SSH ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatekit.plan.network_device import Part
from gatekit.simulators import Simulator
from gatekit.simulators.cisco_ios import CiscoIosDevice
from tests.unit.gatekit.devices.cisco_ios.boxes import Lab


@pytest.fixture
def open_lab(tmp_path) -> Iterator[Callable[..., Lab]]:
    opened: list[Simulator] = []

    def open_one(box: CiscoIosDevice, part: Part, **link: Any) -> Lab:
        simulator = Simulator(box, **link)
        opened.append(simulator)
        return Lab(box, simulator.__enter__(), part, tmp_path / f"devices{len(opened)}")

    yield open_one
    for simulator in opened:
        simulator.__exit__(None, None, None)
