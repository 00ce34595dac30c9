"""The hospital's AX: exactly our route, and only where it is right (NW-4; vendor reference 7).

Everything else on the switch is the hospital's: read for the checks, never written, never reported as drift.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from gatekit.devices.alaxala_ax.text import StaticRoute, connected_networks, static_routes
from gatekit.devices.change.meaning import Meaning, RouteMeaning
from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.errors import DeviceError
from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.render.alaxala_ax import removal_lines, route_lines

TAKEN = "The hospital uses these addresses already; clear up with its network vendor which is right."
UNREACHABLE = "The next hop has to lie on a network of the switch; look at its VLAN interface with the vendor."
UNKNOWN = "Look at the line with the hospital's network vendor; gatekit will not guess where it leads."


def change_set(observed: Observed, plan: SwitchRoutePlan) -> ChangeSet:
    """Return what puts our one line there; empty when it is there.

    Raises:
        DeviceError: GW421 when our network, or a part of it, leads elsewhere or in another form; GW425 when the
            next hop is on none of the switch's networks, or our network overlaps one of them.
    """
    line = route_lines(plan).strip()
    precheck(observed.running, plan)
    if line in observed.running.splitlines():
        return ChangeSet()
    return ChangeSet(
        forward=(line,),
        inverse=(removal_lines(plan).strip(),),
        touches=frozenset({Touch.ROUTES}),
        diff=f"+{line}",
    )


def removal(observed: Observed, plan: SwitchRoutePlan) -> ChangeSet:
    """Return what takes our line away; empty when it is not there. Others' lines for our network stay."""
    line = route_lines(plan).strip()
    if line not in observed.running.splitlines():
        return ChangeSet()
    return ChangeSet(
        forward=(removal_lines(plan).strip(),),
        inverse=(line,),
        touches=frozenset({Touch.ROUTES}),
        interrupts=True,
        diff=f"-{line}",
    )


def precheck(running: str, plan: SwitchRoutePlan) -> None:
    """Refuse a switch on which our line would be wrong; see ``change_set``."""
    network, hop, line = plan.route.network, plan.route.via, route_lines(plan).strip()
    for route in _within(running, plan):
        if route.line != line:
            raise DeviceError("GW421", f"{plan.name}.route", route.line, TAKEN)
    connected = connected_networks(running)
    for one in connected:
        if one.overlaps(network):
            raise DeviceError("GW425", f"{plan.name}.connected", str(one), TAKEN)
    if not any(hop in one for one in connected):
        raise DeviceError("GW425", f"{plan.name}.next_hop", str(hop), UNREACHABLE)


def meaning(configuration: str, plan: SwitchRoutePlan) -> Meaning:
    """Return where our network, and any part of it, leads.

    Raises:
        DeviceError: GW427 for a route of it that has more to it than a next hop, or stands there twice.
    """
    routes: set[RouteMeaning] = set()
    for route in _within(configuration, plan):
        found = RouteMeaning(network=route.network, hop=_hop(route, plan))
        if found in routes:
            raise _unknown(route, plan)
        routes.add(found)
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


def _within(configuration: str, plan: SwitchRoutePlan) -> Iterator[StaticRoute]:
    return (route for route in static_routes(configuration) if route.network.subnet_of(plan.route.network))


def _hop(route: StaticRoute, plan: SwitchRoutePlan) -> IPv4Address:
    if route.rest:
        raise _unknown(route, plan)
    try:
        return IPv4Address(route.hop)
    except ValueError:
        raise _unknown(route, plan) from None


def _unknown(route: StaticRoute, plan: SwitchRoutePlan) -> DeviceError:
    return DeviceError("GW427", f"{plan.name}.configuration", route.line, UNKNOWN)
