"""The hospital's AX for tests: its networks, its default route, and what else a hospital has on it."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address
from typing import Any

from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.simulators import Clock
from gatekit.simulators.alaxala_ax import AlaxalaAx, Configuration
from tests.sites import vendor_plan

PASSWORD = "operator-pass-77"
SECRET = "hospital-community-5"
CONTROLLER = IPv4Address("10.161.4.250")
HOSPITALS = f"""\
hostname "ax3640-hosp"
vlan 10
vlan 20
interface gigabitethernet 0/1
  switchport mode access
  switchport access vlan 10
interface vlan 10
  ip address 192.168.10.1 255.255.255.0
interface vlan 20
  ip address 192.168.20.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 192.168.10.254
ip route 172.20.0.0 255.255.0.0 192.168.20.254
snmp-server community {SECRET} ro
username gwops view-class allcommand
line vty 0 15
  transport input ssh
ip ssh
ip ssh version 2
"""
OURS = "ip route 10.161.4.0 255.255.255.0 192.168.10.5"


@cache
def plan() -> SwitchRoutePlan:
    return vendor_plan("alaxala_ax").l3_switch


def configuration(extra: str = "") -> Configuration:
    return Configuration().load(HOSPITALS + extra)


def switch(extra: str = "", *, speed: float = 600.0, **habits: Any) -> AlaxalaAx:
    return AlaxalaAx(configuration(extra), {"gwops": PASSWORD}, CONTROLLER, clock=Clock(speed), **habits)
