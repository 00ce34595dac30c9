"""What is done to an AlliedWare Plus's line."""

from __future__ import annotations

from gatekit.devices.alliedware_plus import PLATFORM
from tests.unit.gatekit.render.mutated import of_route
from tests.unit.gatekit.simulators.alliedware_plus.switches import OURS, plan

WORDS = ("10.161.4.0/24", "10.161.5.0/24", "10.161.0.0/16", "10.161.4.0/25", "10.161.4.64/26", "null", " 200")
MUTATED = {"alliedware_plus l3_switch": of_route(PLATFORM, plan(), OURS, WORDS)}
