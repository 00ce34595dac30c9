"""What is done to an AOS-CX's line."""

from __future__ import annotations

from gatekit.devices.aos_cx import PLATFORM
from tests.unit.gatekit.render.mutated import of_route
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, plan

WORDS = (
    "10.161.4.0/24",
    "10.161.5.0/24",
    "10.161.0.0/16",
    "10.161.4.0/25",
    "10.161.4.64/26",
    "nullroute",
    " distance 200",
)
MUTATED = {"aos_cx l3_switch": of_route(PLATFORM, plan(), OURS, WORDS)}
