"""What an IX forwards between LAN and tunnel: the filters that stand for the tunnel's traffic selectors."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.meaning import RouteMeaning
from gatekit.devices.nec_ix.access_lists import Rule, unknown
from gatekit.devices.nec_ix.configuration import Configuration

type Pair = tuple[IPv4Network, IPv4Network]


def networks_behind(routes: Iterable[RouteMeaning], hop: str) -> frozenset[IPv4Network]:
    """Return the networks routed to ``tunnel`` or ``discard``."""
    return frozenset(row.network for row in routes if row.hop == hop)


def carried_networks(
    found: Configuration, tunnel: str, lan: str, routes: frozenset[RouteMeaning]
) -> tuple[frozenset[IPv4Network], frozenset[IPv4Network]]:
    """Return the local and remote networks that the tunnel carries, both ways and through all three filters.

    The LAN's own net is carried when its next hops are: nothing else lives there.

    Raises:
        DeviceError: GW427 when a filter lets more or other pairs through than the outgoing one.
    """
    outgoing = _pairs(found.filter(tunnel, "ip", "out"))
    local, remote = {pair[0] for pair in outgoing}, {pair[1] for pair in outgoing}
    if len(outgoing) != len(local) * len(remote):
        raise unknown(f"interface {tunnel}: the outgoing filter is no full product of networks")
    own = IPv4Interface(found.one(lan, "address"))
    senders = {network: _senders(network, own, routes) for network in local}
    from_lan = _forwarded(found.filter(lan, "ip", "in"), own)
    from_tunnel = {(destination, source) for source, destination in _forwarded(found.filter(tunnel, "ip", "in"), own)}
    allowed = {(sender, network) for one in senders.values() for sender in one for network in remote}
    for source, destination in (from_lan | from_tunnel) - allowed:
        raise unknown(f"a filter forwards between {source} and {destination}")
    both = from_lan & from_tunnel
    carried = {
        one for one, ends in senders.items() if all((end, network) in both for end in ends for network in remote)
    }
    return frozenset(carried), frozenset(remote)


def _senders(network: IPv4Network, own: IPv4Interface, routes: frozenset[RouteMeaning]) -> tuple[IPv4Network, ...]:
    if network != own.network:
        return (network,)
    hops = {row.hop for row in routes if isinstance(row.hop, IPv4Address) and row.hop in own.network}
    return tuple(sorted(IPv4Network(hop) for hop in hops))


def _pairs(rules: Iterable[Rule] | None) -> set[Pair]:
    """Return source and destination of rules that permit whole networks; GW427 for any other rule."""
    pairs: set[Pair] = set()
    for rule in rules or ():
        source, destination = rule.source, rule.destination
        if not (isinstance(source, IPv4Network) and isinstance(destination, IPv4Network)):
            raise unknown(rule.line)
        if not rule.permits or rule.protocol != "ip":
            raise unknown(rule.line)
        pairs.add((source, destination))
    return pairs


def _forwarded(rules: Iterable[Rule] | None, own: IPv4Interface) -> set[Pair]:
    """Return the pairs of an incoming filter that pass through the box rather than to it."""
    return _pairs(rule for rule in rules or () if is_forwarded(rule, IPv4Network(own.ip)))


def is_forwarded(rule: Rule, itself: IPv4Network) -> bool:
    """Return whether what a rule matches passes through the box and never ends at its own address."""
    return not (isinstance(rule.destination, IPv4Network) and itself.subnet_of(rule.destination))
