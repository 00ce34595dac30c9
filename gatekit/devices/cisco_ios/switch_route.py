"""The hospital's L3 switch: exactly our route, and only where it is right (NW-4; vendor reference 7).

Everything else on the switch is the hospital's: read for the checks, never written, never reported as drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.cisco_ios.text import Section, sections
from gatekit.errors import DeviceError
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.cisco_ios import removal_lines, route_lines

_STATIC = re.compile(r"ip route (?P<network>\d\S+) (?P<mask>\d\S+) (?P<hop>\S+)")
_ADDRESS = re.compile(r" ip address (?P<address>\d\S+) (?P<mask>\d\S+)( secondary)?$")
TAKEN = "The hospital uses these addresses already; clear up with its network vendor which is right."
UNREACHABLE = "The next hop has to lie on a network of the switch; look at its VLAN interface with the vendor."


def switch_change_set(observed: Observed, plan: SwitchRoutePlan) -> ChangeSet:
    """Return what puts our one line there; empty when it is there.

    Raises:
        DeviceError: GW421 when our network, or part of it, leads elsewhere; GW425 when the switch does not route,
            the next hop is on none of its networks, or our network is one of its own.
    """
    parts = sections(observed.running)
    ours = route_lines(plan).strip()
    precheck(parts, plan)
    there = tuple(_ours(parts, plan))
    if there == (ours,):
        return ChangeSet()
    back = (removal_lines(plan).strip(), *there)
    diff = "".join(f"-{line}\n" for line in there if line != ours) + ("" if ours in there else f"+{ours}\n")
    # typed for the same network and next hop again, the line takes the old one's place
    return ChangeSet(forward=(ours,), inverse=back, touches=frozenset({Touch.ROUTES}), diff=diff)


def switch_removal(observed: Observed, plan: SwitchRoutePlan) -> ChangeSet:
    """Return what takes our line away again; empty when it is not there."""
    there = tuple(_ours(sections(observed.running), plan))
    return ChangeSet(
        forward=tuple(f"no {line}" for line in there),
        inverse=there,
        touches=frozenset({Touch.ROUTES}) if there else frozenset(),
        interrupts=bool(there),
        diff="".join(f"-{line}\n" for line in there),
    )


def precheck(parts: tuple[Section, ...], plan: SwitchRoutePlan) -> None:
    """Refuse a switch on which our line would be wrong; see ``switch_change_set``."""
    network, hop = plan.route.network, plan.route.via
    if any(part.header == "no ip routing" for part in parts):
        raise DeviceError("GW425", f"{plan.name}.routing", "no ip routing", "It does not route; ask its vendor.")
    for part in parts:
        match = _STATIC.match(part.header)
        if match and (match["hop"] != str(hop) or _network(match) != network) and _network(match).subnet_of(network):
            raise DeviceError("GW421", f"{plan.name}.route", part.header, TAKEN)
    connected = tuple(_connected(parts))
    for one in connected:
        if one.overlaps(network):
            raise DeviceError("GW425", f"{plan.name}.connected", str(one), TAKEN)
    if not any(hop in one for one in connected):
        raise DeviceError("GW425", f"{plan.name}.next_hop", str(hop), UNREACHABLE)


def foreign_routes(table: str, plan: SwitchRoutePlan) -> tuple[str, ...]:
    """Return the lines of ``show ip route PREFIX MASK longer-prefixes`` that lead elsewhere than ours.

    A routing protocol may bring such a route; no line of the configuration shows it.
    """
    found = []
    for line in table.splitlines():
        match = re.match(r"[A-Za-z][A-Za-z0-9* +%]{1,5}\s*(\d+\.\d+\.\d+\.\d+/\d+)", line)
        if match and IPv4Network(match.group(1)).subnet_of(plan.route.network):
            exactly_ours = IPv4Network(match.group(1)) == plan.route.network and f"via {plan.route.via}" in line
            if not exactly_ours:
                found.append(line.strip())
    return tuple(found)


def _ours(parts: tuple[Section, ...], plan: SwitchRoutePlan) -> Iterator[str]:
    """Yield the lines for our network via our next hop, whatever their name and distance."""
    for part in parts:
        match = _STATIC.match(part.header)
        if match and _network(match) == plan.route.network and match["hop"] == str(plan.route.via):
            yield part.header


def _network(match: re.Match[str]) -> IPv4Network:
    return IPv4Network(f"{match['network']}/{match['mask']}")


def _connected(parts: tuple[Section, ...]) -> Iterator[IPv4Network]:
    for part in parts:
        if not part.header.startswith("interface ") or " shutdown" in part.lines:
            continue
        if any(line.startswith((" vrf forwarding ", " ip vrf forwarding ")) for line in part.lines):
            continue
        for line in part.lines:
            match = _ADDRESS.match(line)
            if match:
                yield IPv4Interface(f"{match['address']}/{match['mask']}").network
