"""The hospital's AOS-CX for tests: its networks, its default route, and what else a hospital has on it."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address
from typing import Any

from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.simulators import Clock
from gatekit.simulators.aos_cx import AosCx, Configuration
from tests.sites import vendor_plan

PASSWORD = "operator-pass-77"
SECRET = "hospital-community-5"
CONTROLLER = IPv4Address("10.161.4.250")
HOSPITALS = f"""\
hostname cx-hosp
user gwops group administrators password ciphertext AQBapeOperatorHash1
vrf guest
snmp-server community {SECRET}
ssh server vrf default
vlan 1,10,20
interface 1/1/1
    no shutdown
    vlan access 10
interface vlan 10
    ip address 192.168.10.1/24
interface vlan 20
    ip address 192.168.20.1/24
ip route 0.0.0.0/0 192.168.10.254
ip route 172.20.0.0/16 192.168.20.254
ip route 10.161.4.0/24 192.168.10.5 vrf guest
https-server vrf default
"""
OURS = "ip route 10.161.4.0/24 192.168.10.5"
USERS = {"gwops": PASSWORD}


@cache
def plan() -> SwitchRoutePlan:
    return vendor_plan("aos_cx").l3_switch


def configuration(extra: str = "") -> Configuration:
    return Configuration().load(HOSPITALS + extra)


def switch(extra: str = "", *, speed: float = 1.0, **habits: Any) -> AosCx:
    return AosCx(configuration(extra), USERS, CONTROLLER, clock=Clock(speed), **habits)
