"""The ways in which a change of a Comware can go wrong."""

from __future__ import annotations

from gatekit.devices.comware import PLATFORM
from tests.unit.gatekit.devices.switch_safety import switch_row
from tests.unit.gatekit.simulators.comware import switches

VLAN, ADDRESS = "interface Vlan-interface10", "ip address 192.168.11.1 255.255.255.0"
ROWS = {"comware l3_switch": switch_row(PLATFORM, switches, VLAN, ADDRESS, "ip route-static {0} 24 {1}", 60)}
