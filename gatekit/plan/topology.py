"""What is cabled to what, and the one way between two ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from gatekit.errors import PlanError
from gatekit.intent.load import Intent
from gatekit.intent.network import BoundaryFirewall
from gatekit.intent.vpn import OtherService, Pattern1, Pattern4, Vpn
from gatekit.plan.flow import Endpoint, Zone

HOSPITAL_FIREWALL = "hospital_firewall"
"""Where a hospital's own firewall stands on the way (NW-5)."""

type Links = Mapping[str, tuple[str, ...]]


def links(intent: Intent) -> Links:
    """Return the neighbours of each point; the zones stand for the hosts in them."""
    to_l3 = [HOSPITAL_FIREWALL, "l3_switch"] if isinstance(intent.site.boundary, BoundaryFirewall) else ["l3_switch"]
    chains = [["dmz", "firewall"], ["firewall", *to_l3, "trust"]]
    if isinstance(intent.site.vpn, Pattern4):
        chains += [["firewall", "line", "data_centre_gateway", "data_centre"]]
    else:
        chains += [["firewall", "cpe", "line", "data_centre_gateway", "data_centre"]]
        chains += [["line", other_service_name(row.name)] for row in other_services(intent.site.vpn)]
    near: dict[str, list[str]] = {}
    for chain in chains:
        for one, other in pairwise(chain):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    return {point: tuple(others) for point, others in near.items()}


def other_services(vpn: Vpn) -> tuple[OtherService, ...]:
    """Return what else the line carries: pattern 1 alone may have it."""
    return vpn.other_services if isinstance(vpn, Pattern1) else ()


def other_service_name(name: str) -> str:
    """Return the point of the cabling, and the end of a flow, where a service of others is reached."""
    return f"other.{name}"


def way(cabling: Links, source: Endpoint, destination: Endpoint) -> tuple[str, ...]:
    """Return the points that packets of a flow pass, both ends included.

    Raises:
        PlanError: GW202 when there is none or more than one.
    """
    start, end = point(source), point(destination)
    if start == end:
        return source.name, destination.name
    ways = tuple(_ways(cabling, (start,), end))
    if len(ways) != 1:
        raise PlanError("GW202", f"{source.name} to {destination.name}", len(ways), "Cable one way between them.")
    inner = ways[0][1:-1]
    return _end(source, start), *inner, _end(destination, end)


def point(end: Endpoint) -> str:
    """Return the point of the cabling where an endpoint sits."""
    return end.name if end.zone is Zone.UNTRUST else str(end.zone)


def _end(end: Endpoint, at: str) -> str:
    return at if end.zone is Zone.FIREWALL else end.name


def _ways(cabling: Links, so_far: tuple[str, ...], end: str) -> Iterator[tuple[str, ...]]:
    if so_far[-1] == end:
        yield so_far
        return
    for near in cabling.get(so_far[-1], ()):
        if near not in so_far:
            yield from _ways(cabling, (*so_far, near), end)
