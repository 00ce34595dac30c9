"""What the hospital's IOS switch says about ways (NW-4; vendor reference 7; the checks are ``change.switch_route``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import LearntRoute, Routing, Spelling, StaticRoute, next_hop
from gatekit.devices.cisco_ios.text import Section, sections
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.cisco_ios import removal_lines, route_lines

_STATIC = re.compile(r"ip route (?P<network>\d\S+) (?P<mask>\d\S+) (?P<hop>\S+)(?P<rest>.*)")
_NAME = re.compile(r" name \S+$")
_ADDRESS = re.compile(r" ip address (?P<address>\d\S+) (?P<mask>\d\S+)( secondary)?$")
_ROW = re.compile(r"(?P<code>[A-Za-z])[A-Za-z0-9* +%]{1,5}\s*(?P<network>\d+\.\d+\.\d+\.\d+/\d+)")
_CONFIGURED = frozenset("SCL")  # static, connected, an address of its own


def spelling(plan: SwitchRoutePlan) -> Spelling:
    """Return our line and its removal."""
    return Spelling(route_lines(plan).strip(), removal_lines(plan).strip())


def routing(configuration: str) -> Routing:
    """Return the static routes of the global table and the networks of the interfaces that are up."""
    parts = sections(configuration)
    off = next((part.header for part in parts if part.header == "no ip routing"), "")
    return Routing(tuple(_routes(parts)), tuple(_connected(parts)), off)


def learnt(table: str) -> Iterator[LearntRoute]:
    """Yield the rows of ``show ip route PREFIX MASK longer-prefixes`` that a routing protocol brought."""
    for line in table.splitlines():
        match = _ROW.match(line)
        if match and match["code"] not in _CONFIGURED:
            yield LearntRoute(IPv4Network(match["network"]), line.strip())


def _routes(parts: tuple[Section, ...]) -> Iterator[StaticRoute]:
    for part in parts:
        if match := _STATIC.fullmatch(part.header):
            network = IPv4Network(f"{match['network']}/{match['mask']}")
            yield StaticRoute(part.header, network, next_hop(match["hop"]), _NAME.sub("", match["rest"]).strip())


def _connected(parts: tuple[Section, ...]) -> Iterator[IPv4Network]:
    for part in parts:
        if not part.header.startswith("interface ") or " shutdown" in part.lines:
            continue
        if any(line.startswith((" vrf forwarding ", " ip vrf forwarding ")) for line in part.lines):
            continue
        for match in filter(None, map(_ADDRESS.match, part.lines)):
            yield IPv4Interface(f"{match['address']}/{match['mask']}").network
