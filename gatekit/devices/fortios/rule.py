"""One policy, whatever its kind, and what a list of policies lets begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network

from gatekit.devices.change.meaning import Permit
from gatekit.devices.fortios.rows import Row
from gatekit.plan.flow import Protocol, Zone

type Service = tuple[Protocol, int | None]

EVERYWHERE = IPv4Network("0.0.0.0/0")


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy that is on; ``services`` None for all of them."""

    row: Row
    accept: bool
    ways_in: frozenset[Zone]
    ways_out: frozenset[Zone]  # the firewall itself for a local-in policy
    sources: tuple[IPv4Network, ...]
    destinations: tuple[IPv4Network, ...]
    services: frozenset[Service] | None

    def covers(self, permit: Permit) -> bool:
        """Return whether it decides on every packet of the permit."""
        return (
            {permit.source_zone} <= self.ways_in
            and {permit.destination_zone} <= self.ways_out
            and any(inside(permit.source, network) for network in self.sources)
            and any(inside(permit.destination, network) for network in self.destinations)
            and (self.services is None or (permit.protocol, permit.port) in self.services)
        )

    def meets(self, permit: Permit) -> bool:
        """Return whether it decides on some packet of the permit."""
        return (
            permit.source_zone in self.ways_in
            and permit.destination_zone in self.ways_out
            and any(permit.source.overlaps(network) for network in self.sources)
            and any(permit.destination.overlaps(network) for network in self.destinations)
            and (self.services is None or (permit.protocol, permit.port) in self.services)
        )


def inside(network: object, other: IPv4Network) -> bool:
    return isinstance(network, IPv4Network) and network.subnet_of(other)


def permit_of(
    source_zone: Zone, destination_zone: Zone, source: IPv4Network, destination: IPv4Network, service: Service
) -> Permit:
    return Permit(
        source_zone=source_zone,
        destination_zone=destination_zone,
        source=source,
        destination=destination,
        protocol=service[0],
        port=service[1],
    )


def permits_of_rules(rules: list[Rule]) -> Iterator[Permit]:
    """Yield what the accepting rules let begin, as far as no refusing one stands above."""
    refusing: list[Rule] = []
    for rule in rules:
        if not rule.accept:
            refusing.append(rule)
            continue
        for permit in _of(rule):
            if any(above.covers(permit) for above in refusing):
                continue
            if any(above.meets(permit) for above in refusing):
                raise rule.row.refuse("a policy above refuses a part of it")
            yield permit


def _of(rule: Rule) -> Iterator[Permit]:
    for way_in in sorted(rule.ways_in):
        for way_out in sorted(rule.ways_out):
            for source in rule.sources:
                for destination in rule.destinations:
                    for service in rule.services or ():
                        yield permit_of(way_in, way_out, source, destination, service)


def covered(permit: Permit, other: Permit) -> bool:
    same = ("source_zone", "destination_zone", "protocol", "port")
    return (
        all(getattr(permit, name) == getattr(other, name) for name in same)
        and inside(permit.source, IPv4Network(str(other.source)))
        and inside(permit.destination, IPv4Network(str(other.destination)))
    )
