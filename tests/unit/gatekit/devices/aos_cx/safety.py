"""The ways in which a change of an AOS-CX can go wrong."""

from __future__ import annotations

from gatekit.devices.aos_cx import PLATFORM
from tests.unit.gatekit.devices.switch_safety import switch_row
from tests.unit.gatekit.simulators.aos_cx import switches

VLAN, ADDRESS = "interface vlan 10", "ip address 192.168.11.1/24"
ROWS = {"aos_cx l3_switch": switch_row(PLATFORM, switches, VLAN, ADDRESS, "ip route {0}/24 {1}", 180)}
