"""The hospital's AlliedWare Plus for tests: its networks, its default route, and what else a hospital has on it."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address
from typing import Any

from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.simulators import Clock
from gatekit.simulators.alliedware_plus import AlliedWarePlus, Configuration
from tests.sites import vendor_plan

PASSWORD = "operator-pass-77"
SECRET = "hospital-community-5"
CONTROLLER = IPv4Address("10.161.4.250")
HOSPITALS = f"""\
service password-encryption
hostname awplus-hosp
service ssh
username gwops privilege 15 password 8 $1$bJoVec4D$operator-hash-1
snmp-server community {SECRET} ro
vlan database
 vlan 10,20 state enable
interface port1.0.1
 switchport mode access
 switchport access vlan 10
interface vlan10
 ip address 192.168.10.1/24
interface vlan20
 ip address 192.168.20.1/24
ip route 0.0.0.0/0 192.168.10.254
ip route 172.20.0.0/16 192.168.20.254
ip route vrf guest 10.161.4.0/24 192.168.99.1
line vty 0 4
 login local
"""
OURS = "ip route 10.161.4.0/24 192.168.10.5"
USERS = {"gwops": PASSWORD}


@cache
def plan() -> SwitchRoutePlan:
    return vendor_plan("alliedware_plus").l3_switch


def configuration(extra: str = "") -> Configuration:
    return Configuration().load(HOSPITALS + extra)


def switch(extra: str = "", *, speed: float = 1.0, **habits: Any) -> AlliedWarePlus:
    return AlliedWarePlus(configuration(extra), USERS, CONTROLLER, clock=Clock(speed), **habits)
