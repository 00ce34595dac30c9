"""The ways in which a change of an AX can go wrong."""

from __future__ import annotations

from gatekit.devices.alaxala_ax import PLATFORM
from tests.unit.gatekit.devices.switch_safety import switch_row
from tests.unit.gatekit.simulators.alaxala_ax import switches

VLAN, ADDRESS = "interface vlan 10", "ip address 192.168.11.1 255.255.255.0"
ROWS = {"alaxala_ax l3_switch": switch_row(PLATFORM, switches, VLAN, ADDRESS, "ip route {0} 255.255.255.0 {1}", 60)}
