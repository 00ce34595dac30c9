from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.gatekit.devices.junos.lab import Lab
from tests.unit.gatekit.simulators.junos.boxes import as_planned, firewall, srx


@pytest.fixture
def lab(tmp_path) -> Iterator[Lab]:
    """A planned box whose MSS is wrong, with our secrets on it."""
    one = Lab(srx(as_planned(firewall()).replace("mss 1334", "mss 1460"), speed=40), firewall(), tmp_path)
    with one.simulator:
        yield one
