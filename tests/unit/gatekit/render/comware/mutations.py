"""What is done to a Comware's line."""

from __future__ import annotations

from gatekit.devices.comware import PLATFORM
from tests.unit.gatekit.render.mutated import of_route
from tests.unit.gatekit.simulators.comware.switches import OURS, plan

WORDS = (
    "10.161.4.0 24",
    "10.161.5.0 24",
    "10.161.0.0 16",
    "10.161.4.0 25",
    "10.161.4.64 26",
    "NULL0",
    " preference 200",
)
MUTATED = {"comware l3_switch": of_route(PLATFORM, plan(), OURS, WORDS)}
