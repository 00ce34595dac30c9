"""The hospital's L3 switch: exactly our route, and only where it is right (NW-4; vendor reference 7).

Pure, and in no product's language: a platform says how it reads its configuration (``Routing``) and how it spells
our line. Everything else on the switch is the hospital's: read for the checks, never written, never drift.

A tree of the configuration (hier_config) brings nothing here: the change is one line of the first level, and
Comware's removal is not its own line with ``undo`` before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.change.meaning import Meaning, RouteMeaning
from gatekit.devices.change.model import ChangeSet, Touch
from gatekit.errors import DeviceError
from gatekit.plan.network_device import SwitchRoutePlan

TAKEN = "The hospital uses these addresses already; clear up with its network vendor which is right."
UNREACHABLE = "The next hop has to lie on a network of the switch; look at its VLAN interface with the vendor."
SILENT = "It does not route; ask its network vendor."
UNKNOWN = "Look at the line with the hospital's network vendor; gatekit will not guess where it leads."


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """One static route of the global table, ``line`` as shown, without indentation.

    ``hop``: None where it leads to no plain next hop. ``extra``: what it says beside network and next hop and
    changes where packets go: a distance, a track; a name or a description is none.
    """

    line: str
    network: IPv4Network
    hop: IPv4Address | None
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    """What a configuration says about ways: static routes in order, networks of interfaces that are not shut.

    ``off``: the line that says that the switch does not route at all; empty where it does.
    """

    routes: tuple[StaticRoute, ...]
    connected: tuple[IPv4Network, ...]
    off: str = ""


@dataclass(frozen=True, slots=True)
class LearntRoute:
    """One row of the routing table that a routing protocol brought."""

    network: IPv4Network
    row: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """Our line in a product's language, and the line that takes it away, both without newline."""

    line: str
    removal: str


def next_hop(word: str) -> IPv4Address | None:
    """Return the address that a route leads to; None for an interface, another table or what throws packets away."""
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def change_set(found: Routing, plan: SwitchRoutePlan, ours: Spelling) -> ChangeSet:
    """Return what puts our one line there; empty when our route is there, whatever its name.

    Raises:
        DeviceError: GW421 when our network, or a part of it, leads elsewhere or in another form; GW425 when the
            next hop is on none of the switch's networks, our network overlaps one of them, or it does not route.
    """
    precheck(found, plan)
    if any(route.network == plan.route.network for route in found.routes):
        return ChangeSet()
    return ChangeSet(
        forward=(ours.line,), inverse=(ours.removal,), touches=frozenset({Touch.ROUTES}), diff=f"+{ours.line}"
    )


def removal(found: Routing, plan: SwitchRoutePlan, ours: Spelling) -> ChangeSet:
    """Return what takes our line away; empty when it is not there. Others' lines for our network stay."""
    lines = tuple(dict.fromkeys(route.line for route in found.routes if _is_ours(route, plan)))
    if not lines:
        return ChangeSet()
    return ChangeSet(
        forward=(ours.removal,),
        inverse=lines,
        touches=frozenset({Touch.ROUTES}),
        interrupts=True,
        diff="\n".join(f"-{line}" for line in lines),
    )


def precheck(found: Routing, plan: SwitchRoutePlan) -> None:
    """Refuse a switch on which our line would be wrong; see ``change_set``."""
    network, hop = plan.route.network, plan.route.via
    if found.off:
        raise DeviceError("GW425", f"{plan.name}.routing", found.off, SILENT)
    for route in found.routes:
        if route.network.subnet_of(network) and not _is_ours(route, plan):
            raise DeviceError("GW421", f"{plan.name}.route", route.line, TAKEN)
    for one in found.connected:
        if one.overlaps(network):
            raise DeviceError("GW425", f"{plan.name}.connected", str(one), TAKEN)
    if not any(hop in one for one in found.connected):
        raise DeviceError("GW425", f"{plan.name}.next_hop", str(hop), UNREACHABLE)


def refuse_learnt(rows: Iterable[LearntRoute], plan: SwitchRoutePlan) -> None:
    """Refuse a switch that has learnt a way into our network: no line of its configuration shows that; GW421."""
    for one in rows:
        if one.network.subnet_of(plan.route.network):
            raise DeviceError("GW421", f"{plan.name}.route", one.row, TAKEN)


def meaning(found: Routing, plan: SwitchRoutePlan) -> Meaning:
    """Return where our network, and any part of it, leads.

    Raises:
        DeviceError: GW427 for a route of it that has more to it than a next hop, or stands there twice.
    """
    routes: set[RouteMeaning] = set()
    for route in found.routes:
        if not route.network.subnet_of(plan.route.network):
            continue
        if route.hop is None or route.extra or RouteMeaning(network=route.network, hop=route.hop) in routes:
            raise DeviceError("GW427", f"{plan.name}.configuration", route.line, UNKNOWN)
        routes.add(RouteMeaning(network=route.network, hop=route.hop))
    return Meaning(
        host_name="",
        addresses=frozenset(),
        permits=frozenset(),
        routes=frozenset(routes),
        tunnel=None,
        management=frozenset(),
        time_servers=frozenset(),
        log_servers=frozenset(),
    )


def still_needed(lines: Iterable[str], found: Routing, negation: str) -> tuple[str, ...]:
    """Return those lines that would change something: a removal of what is there, a line that is not.

    A removal names the beginning of the line that it takes away; ``negation`` ends with a blank.
    """

    def is_there(body: str) -> bool:
        return any(route.line == body or route.line.startswith(f"{body} ") for route in found.routes)

    return tuple(line for line in lines if is_there(line.removeprefix(negation)) == line.startswith(negation))


def others_lines(before: str, now: str, ours: ChangeSet, negation: str) -> tuple[str, ...]:
    """Return the lines that came or went since ``before`` and are not of our change: somebody else's."""
    bodies = [line.removeprefix(negation) for line in (*ours.forward, *ours.inverse)]
    then, today = _rows(before), _rows(now)
    moved: Sequence[str] = [*(today - then).elements(), *(then - today).elements()]
    return tuple(row for row in moved if not any(row == body or row.startswith(f"{body} ") for body in bodies))


def _rows(configuration: str) -> Counter[str]:
    return Counter(row.strip() for row in configuration.splitlines())


def _is_ours(route: StaticRoute, plan: SwitchRoutePlan) -> bool:
    return (route.network, route.hop, route.extra) == (plan.route.network, plan.route.via, "")
