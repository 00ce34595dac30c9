"""The ways in which a change of an AlliedWare Plus can go wrong."""

from __future__ import annotations

from gatekit.devices.alliedware_plus import PLATFORM
from tests.unit.gatekit.devices.switch_safety import switch_row
from tests.unit.gatekit.simulators.alliedware_plus import switches

VLAN, ADDRESS = "interface vlan10", "ip address 192.168.11.1/24"
ROWS = {"alliedware_plus l3_switch": switch_row(PLATFORM, switches, VLAN, ADDRESS, "ip route {0}/24 {1}", 60)}
