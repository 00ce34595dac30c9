"""What is done to an AX's line."""

from __future__ import annotations

from gatekit.devices.alaxala_ax import PLATFORM
from tests.unit.gatekit.render.mutated import of_route
from tests.unit.gatekit.simulators.alaxala_ax.switches import OURS, plan

WORDS = (
    "10.161.4.0 255.255.255.0",
    "10.161.5.0 255.255.255.0",
    "10.161.0.0 255.255.0.0",
    "10.161.4.0 255.255.255.128",
    "10.161.4.64 255.255.255.192",
    "null 0",
    " 200",
)
MUTATED = {"alaxala_ax l3_switch": of_route(PLATFORM, plan(), OURS, WORDS)}
