"""The hospital's Comware for tests: its networks, its default route, and what else a hospital has on it."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address
from typing import Any

from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.simulators import Clock
from gatekit.simulators.comware import Comware, Configuration
from tests.sites import vendor_plan

PASSWORD = "operator-pass-77"
SECRET = "$c$3$hospital-community-5"
CONTROLLER = IPv4Address("10.161.4.250")
HOSPITALS = f"""\
version 7.1.070, Release 6127
sysname hosp-core
lldp global enable
vlan 10
vlan 20
interface Vlan-interface10
 ip address 192.168.10.1 255.255.255.0
interface Vlan-interface20
 ip address 192.168.20.1 255.255.255.0
interface GigabitEthernet1/0/1
 port access vlan 10
ip route-static 0.0.0.0 0 192.168.10.254
ip route-static 172.20.0.0 16 192.168.20.254
ip route-static vpn-instance guest 10.161.4.0 24 192.168.99.1
snmp-agent
snmp-agent community read cipher {SECRET}
line vty 0 63
 authentication-mode scheme
local-user gwops class manage
 password hash $h$6$operator-hash-1
 service-type ssh
 authorization-attribute user-role network-admin
"""
OURS = "ip route-static 10.161.4.0 24 192.168.10.5"
USERS = {"gwops": PASSWORD}


@cache
def plan() -> SwitchRoutePlan:
    return vendor_plan("comware").l3_switch


def configuration(extra: str = "") -> Configuration:
    return Configuration().load(HOSPITALS + extra)


def switch(extra: str = "", *, speed: float = 1.0, **habits: Any) -> Comware:
    return Comware(configuration(extra), USERS, CONTROLLER, clock=Clock(speed), **habits)
