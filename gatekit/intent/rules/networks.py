"""No network of the site, ours or the data centre's overlaps another (NW-1, NW-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import combinations

from gatekit.catalogue.appliance import appliance
from gatekit.errors import IntentError
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.network import BoundaryFirewall
from gatekit.intent.site import Site
from gatekit.intent.vpn import Pattern1, Pattern4


@dataclass(frozen=True, slots=True)
class Claim:
    """A network, where it is written, and who can most easily give another: 0 us, 1 hospital, 2 data centre."""

    path: str
    network: IPv4Network
    rank: int


def network_rules(site: Site, data_centre: DataCentre) -> Iterator[IntentError]:
    """Yield GW120 for each overlapping pair and GW123 for a DMZ outside 10.16X without a reason."""
    claims = tuple(claimed_networks(site, data_centre))
    for first, second in combinations(claims, 2):
        if first.network.overlaps(second.network):
            yield _overlap(first, second, claims)
    yield from _kept_for_transit(site)
    if not appliance().dmz_pool.holds(site.dmz.network) and site.dmz.outside_10_16x_because is None:
        fix = "Use 10.16X.XXX.0/24 (NW-1), or give outside_10_16x_because: why it could not be used here (NW-2)."
        yield IntentError("GW123", "dmz.network", str(site.dmz.network), fix)


OUTSIDE = "Assign a free /24 outside 10.16X and say why in outside_10_16x_because (NW-2)."


def _kept_for_transit(site: Site) -> Iterator[IntentError]:
    """Yield GW120 for a DMZ in the part of its 10.16X that transit networks are taken from."""
    network, facts = site.dmz.network, appliance()
    if facts.dmz_pool.holds(network) and network.network_address.packed[2] >= facts.transit_third_octet:
        last = facts.transit_third_octet - 1
        fix = f"Use a third octet of {last} or less: those above are for networks between firewall and CPE."
        yield IntentError("GW120", "dmz.network", str(network), fix)


def transit_network(dmz: IPv4Network) -> IPv4Network:
    """Return the /30 between firewall and CPE: in 10.16X.252.0/22, one for each DMZ of that /16."""
    second, third = dmz.network_address.packed[1:3]
    pool = IPv4Network(f"10.{second}.{appliance().transit_third_octet}.0/22")
    return IPv4Network((int(pool.network_address) + 4 * third, 30))


def claimed_networks(site: Site, data_centre: DataCentre) -> Iterator[Claim]:
    """Yield every network that must not overlap another, with its path in the files."""
    yield Claim("dmz.network", site.dmz.network, 0)
    if isinstance(site.vpn, Pattern4):
        yield Claim("vpn.line.network", site.vpn.line.network, 1)
    else:
        yield Claim("transit network (from dmz.network)", transit_network(site.dmz.network), 0)
    yield Claim("trust.network", site.trust.network, 1)
    if isinstance(site.boundary, BoundaryFirewall):
        yield Claim("boundary.inside_network", site.boundary.inside_network, 1)
    for index, row in enumerate(site.networks):
        yield Claim(f"networks[{index}].network", row.network, 1)
    if isinstance(site.vpn, Pattern1):
        for index, service in enumerate(site.vpn.other_services):
            yield Claim(f"vpn.other_services[{index}].network", service.network, 1)
    for index, network in enumerate(data_centre.networks):
        yield Claim(f"data_centre.networks[{index}]", network, 2)
    if isinstance(site.vpn, Pattern4) and data_centre.peers.internet.ipv4:
        # Inside any of the others the tunnel's own packets would never reach the data centre.
        yield Claim("data_centre.peers.internet.ipv4", IPv4Network(data_centre.peers.internet.ipv4), 2)


def _overlap(first: Claim, second: Claim, claims: Iterable[Claim]) -> IntentError:
    """Blame the side that is easiest to change; of two equal ones the later."""
    blamed, other = (first, second) if first.rank < second.rank else (second, first)
    value = f"{blamed.network} overlaps {other.network} ({other.path})"
    if blamed.rank:
        return IntentError("GW120", blamed.path, value, _who_gives_way(blamed, other))
    free = first_free_dmz([claim.network for claim in claims if claim.rank])
    fix = f"Use {free}, the first free network of 10.16X." if free else OUTSIDE
    return IntentError("GW120", "dmz.network", value, fix)


def _who_gives_way(blamed: Claim, other: Claim) -> str:
    if blamed.rank == other.rank:
        return "Correct the one that is written wrongly."
    return "Correct it; if the hospital really uses it, ask the data centre for other addresses before going on."


def first_free_dmz(taken: Iterable[IPv4Network]) -> IPv4Network | None:
    """Return the first 10.16X.XXX.0/24 that, with its transit net, overlaps nothing in ``taken``; None if none."""
    pool = appliance().dmz_pool
    occupied = tuple(taken)
    for number in range(int(pool.first.network_address), int(pool.last.broadcast_address), 256):
        candidate = IPv4Network((number, 24))
        transit = transit_network(candidate)
        third = candidate.network_address.packed[2]
        if third in range(1, appliance().transit_third_octet) and not any(
            network.overlaps(candidate) or network.overlaps(transit) for network in occupied
        ):
            return candidate
    return None
