"""What a configuration means, in no product's language: what the plan asks for and what a device says, comparable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Literal

from gatekit.model import Frozen
from gatekit.plan.flow import Address, Flow, Network, Protocol, Zone
from gatekit.plan.network_device import CpePart, CpePlan, CryptoSuite, FirewallPlan, Part, SwitchRoutePlan, TunnelPlan

type Hop = IPv4Address | Literal["tunnel", "discard"]
"""Where a route leads: a next hop, into the tunnel, or nowhere when the tunnel is down."""


class Permit(Frozen):
    """One kind of packet that may begin a connection; ``port`` None for ESP and ICMP.

    From zone to zone as the device sees them: ``Zone.FIREWALL`` is the device itself.
    """

    source_zone: Zone
    destination_zone: Zone
    source: Network
    destination: Network
    protocol: Protocol
    port: int | None


class RouteMeaning(Frozen):
    """One static route; of two for one network the first that is usable wins."""

    network: IPv4Network
    hop: Hop


class TunnelMeaning(Frozen):
    """How the tunnel is negotiated: exactly one offer, always IKEv2 with a pre-shared key."""

    local_identity: str
    remote_identity: str
    peer: Address
    suite: CryptoSuite  # level is derived, not read: see ``suite_of``
    pfs_group: int
    local_networks: frozenset[IPv4Network]
    remote_networks: frozenset[IPv4Network]
    dpd_delay_s: int
    tunnel_mtu: int
    mss: int


class Meaning(Frozen):
    """One device's configuration. What a platform cannot say is empty on both sides of a comparison.

    ``addresses``: port and address with prefix. ``permits``: what may begin a connection through the device
    or to it, and on a CPE what the line may send to it. ``management``: from where our SSH is let in.
    """

    host_name: str
    addresses: frozenset[tuple[str, str]]
    permits: frozenset[Permit]
    routes: frozenset[RouteMeaning]
    tunnel: TunnelMeaning | None
    management: frozenset[IPv4Network]
    time_servers: frozenset[IPv4Address]
    log_servers: frozenset[IPv4Address]


def meaning_of(part: Part) -> Meaning:
    """Return what the plan asks of one device; what every reader's result is compared with."""
    match part:
        case FirewallPlan():
            return _of_firewall(part)
        case CpePart():
            return _of_cpe(part.plan, part.unit.host_name)
        case SwitchRoutePlan():
            return _of_switch(part)


def permits_of(flows: Iterable[Flow], *, itself: str) -> Iterator[Permit]:
    """Yield what each flow lets begin; ``itself`` is the device that the flows are seen from.

    What the device begins itself is not among them: no vendor's policy governs that by default.
    """
    for flow in flows:
        if flow.route[0] == itself:
            continue
        ends_here = flow.route[-1] == itself
        for source in flow.source.networks:
            for destination in flow.destination.networks:
                for port in flow.ports or (None,):
                    yield Permit(
                        source_zone=flow.source.zone,
                        destination_zone=Zone.FIREWALL if ends_here else flow.destination.zone,
                        source=source,
                        destination=destination,
                        protocol=flow.protocol,
                        port=port,
                    )


def tunnel_meaning(tunnel: TunnelPlan) -> TunnelMeaning:
    """Return how the plan wants the tunnel negotiated."""
    if tunnel.remote.underlay is None:
        raise ValueError("our end always knows its peer's address")
    return TunnelMeaning(
        local_identity=tunnel.local.identity,
        remote_identity=tunnel.remote.identity,
        peer=tunnel.remote.underlay,
        suite=tunnel.suite,
        pfs_group=tunnel.suite.dh_group,
        local_networks=frozenset(tunnel.local.networks),
        remote_networks=frozenset(tunnel.remote.networks),
        dpd_delay_s=tunnel.dpd_delay_s,
        tunnel_mtu=tunnel.tunnel_mtu,
        mss=tunnel.mss,
    )


def _of_firewall(plan: FirewallPlan) -> Meaning:
    routes = [RouteMeaning(network=row.network, hop=row.via) for row in plan.routes]
    routes.append(RouteMeaning(network=IPv4Network("0.0.0.0/0"), hop=plan.default_gateway))
    return Meaning(
        host_name=plan.host_name,
        addresses=frozenset((row.port, f"{row.address}/{row.prefix_length}") for row in plan.interfaces),
        permits=frozenset(permits_of(plan.flows, itself="firewall")),
        routes=frozenset([*routes, *(_tunnel_routes(plan.protected) if plan.tunnel else ())]),
        tunnel=tunnel_meaning(plan.tunnel) if plan.tunnel else None,
        management=_logins(plan.flows, itself="firewall"),
        time_servers=_asked(plan.flows, "ntp", itself="firewall"),
        log_servers=_asked(plan.flows, "syslog", itself="firewall"),
    )


def _of_cpe(plan: CpePlan, host_name: str) -> Meaning:
    """Return the CPE's: it routes between firewall and tunnel, so permits are what reaches the CPE itself."""
    inward = [flow for flow in plan.flows if flow.route[-1] == "cpe"]
    routes = [RouteMeaning(network=row.network, hop=row.via) for row in plan.routes]
    return Meaning(
        host_name=host_name,
        addresses=frozenset({(plan.lan.port, f"{plan.lan.address}/{plan.lan.prefix_length}")}),
        permits=frozenset(permits_of(inward, itself="cpe")),
        routes=frozenset([*routes, *_tunnel_routes(plan.protected)]),
        tunnel=tunnel_meaning(plan.tunnel),
        management=_logins(plan.flows, itself="cpe"),
        time_servers=_asked(plan.flows, "ntp", itself="cpe"),
        log_servers=_asked(plan.flows, "syslog", itself="cpe"),
    )


def _of_switch(plan: SwitchRoutePlan) -> Meaning:
    """Return our route alone: the rest of the switch is the hospital's."""
    none: frozenset[IPv4Network] = frozenset()
    return Meaning(
        host_name="",
        addresses=frozenset(),
        permits=frozenset(),
        routes=frozenset({RouteMeaning(network=plan.route.network, hop=plan.route.via)}),
        tunnel=None,
        management=none,
        time_servers=frozenset(),
        log_servers=frozenset(),
    )


def _tunnel_routes(protected: Iterable[IPv4Network]) -> Iterator[RouteMeaning]:
    """Yield two routes for each network: into the tunnel, and nowhere when the tunnel is not there."""
    for network in protected:
        yield RouteMeaning(network=network, hop="tunnel")
        yield RouteMeaning(network=network, hop="discard")


def _logins(flows: Iterable[Flow], *, itself: str) -> frozenset[IPv4Network]:
    return frozenset(
        network
        for flow in flows
        if flow.route[-1] == itself and flow.listener == "sshd"
        for network in flow.source.ipv4_networks
    )


def _asked(flows: Iterable[Flow], listener: str, *, itself: str) -> frozenset[IPv4Address]:
    return frozenset(
        network.network_address
        for flow in flows
        if flow.route[0] == itself and flow.listener == listener
        for network in flow.destination.ipv4_networks
    )
