"""The one route as FRR spells it (NW-4)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.plan.network_device import Route, SwitchRoutePlan
from gatekit.render.frr import inverse_lines, route_lines

PLAN = SwitchRoutePlan(
    name="l3_switch",
    product="frr",
    managed_by="us",
    address=IPv4Address("192.168.10.1"),
    route=Route(network=IPv4Network("10.161.4.0/24"), via=IPv4Address("192.168.10.5")),
    connected=(IPv4Network("192.168.10.0/24"),),
)


def test_nw_4_exactly_one_line_is_asked_for_and_one_takes_it_back() -> None:
    assert route_lines(PLAN) == ("ip route 10.161.4.0/24 192.168.10.5",)
    assert inverse_lines(PLAN) == ("no ip route 10.161.4.0/24 192.168.10.5",)
