"""Zones, address book, applications and policies of an SRX (AP-6, NW-1, NW-3), vendor reference 1.1.

What may reach the firewall itself is let through twice, as the box asks twice: by the zone's host-inbound
services and by a policy to ``junos-host`` that names the sources. Where the address belongs to an interface of
another zone than the one the packet came in by, the box may also look for a policy to that zone; both are
written, since both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.junos.zones import ITSELF, host_service, owners, policy_name, zone_name, zone_units

DENY_HOST = "deny-host"
DENY_REST = "deny-rest"
NO_CLEAR = "no-clear"
type Way = tuple[str, str]


def address_name(network: IPv4Network) -> str:
    """Return a network's name in the address book: what it covers, so that no two flows can disagree."""
    if network.prefixlen == network.max_prefixlen:
        return f"host-{network.network_address}"
    return f"net-{network.network_address}-{network.prefixlen}"


def application_names(flow: Flow) -> tuple[str, ...]:
    """Return the applications of a flow: one a port."""
    if flow.protocol is Protocol.ICMP:
        return ("icmp-echo",)
    if flow.protocol is Protocol.ESP:
        return ("esp",)
    return tuple(f"{flow.protocol.value}-{port}" for port in flow.ports)


def ways(plan: FirewallPlan) -> dict[Way, tuple[Flow, ...]]:
    """Return (from zone, to zone) -> flows, in the plan's order; what the firewall begins needs no policy.

    Raises:
        RenderError: GW302 for a flow that the firewall never sees, or two flows with one name.
    """
    found: dict[Way, list[Flow]] = {}
    for flow in plan.flows:
        if flow.source.zone is Zone.FIREWALL:
            continue
        source, destination = zone_name(plan, flow.source), zone_name(plan, flow.destination)
        if source == destination:
            fix = "Both ends lie in one zone; the firewall never sees it."
            raise RenderError("GW302", f"firewall.flows.{flow.id}", source, fix)
        found.setdefault((source, destination), []).append(flow)
        if destination == ITSELF:
            for owner in sorted(owners(plan, flow) - {source}):
                found.setdefault((source, owner), []).append(flow)
    _refuse_same_names(plan.flows)
    return {way: tuple(flows) for way, flows in found.items()}


def zone_lines(plan: FirewallPlan) -> Iterator[str]:
    """Yield the zones with their interface and what may end there."""
    inbound = [flow for flow in plan.flows if flow.destination.zone is Zone.FIREWALL]
    for zone, unit in zone_units(plan).items():
        base = f"set security zones security-zone {zone} interfaces {unit}"
        services = {
            host_service(flow) for flow in inbound if zone_name(plan, flow.source) == zone or zone in owners(plan, flow)
        }
        yield from (f"{base} host-inbound-traffic system-services {service}" for service in sorted(services))
        if not services:
            yield base


def object_lines(plan: FirewallPlan) -> Iterator[str]:
    """Yield the address book and the applications of every flow that has a policy."""
    flows = [flow for rows in ways(plan).values() for flow in rows]
    networks = {row for flow in flows for end in (flow.source, flow.destination) for row in end.ipv4_networks}
    for network in sorted(networks):
        yield f"set security address-book global address {address_name(network)} {network}"
    services = {(flow.protocol, port) for flow in flows for port in flow.ports}
    for protocol, port in sorted(services):
        base = f"set applications application {protocol.value}-{port}"
        yield from (f"{base} protocol {protocol.value}", f"{base} destination-port {port}")
    protocols = {flow.protocol for flow in flows}
    if Protocol.ICMP in protocols:
        yield "set applications application icmp-echo protocol icmp"
        yield "set applications application icmp-echo icmp-type echo-request"
    if Protocol.ESP in protocols:
        yield "set applications application esp protocol esp"


def policy_lines(plan: FirewallPlan) -> Iterator[str]:
    """Yield one policy a flow and way, then what refuses and logs the rest."""
    permitted = ways(plan)
    zones = tuple(zone_units(plan))
    for (source, destination), flows in permitted.items():
        for flow in flows:
            yield from _permit(f"set security policies from-zone {source} to-zone {destination}", flow)
        if destination == ITSELF:
            yield from _deny_host(source)
    for zone in zones:
        if (zone, ITSELF) not in permitted:
            yield from _deny_host(zone)
    base = f"set security policies global policy {DENY_REST}"
    for side in ("from-zone", "to-zone"):  # named zones: what the firewall itself begins and ends is not meant
        yield from (f"{base} match {side} {zone}" for zone in zones)
    yield from _deny(base)
    yield "set security policies default-policy deny-all"


def no_clear_lines(plan: FirewallPlan) -> Iterator[str]:
    """Yield the stateless filter that keeps the data centre's networks off every way but the tunnel (VPN-4).

    It does not ask for sessions: a flow that was opened inside the tunnel is dropped like any other when its
    packets would leave in clear, the firewall's own packets included.
    """
    base = f"set firewall family inet filter {NO_CLEAR} term"
    for network in plan.protected:
        yield f"{base} data-centre from destination-address {network}"
    yield from (f"{base} data-centre then {verb}" for verb in (f"count {NO_CLEAR}", "discard"))
    yield f"{base} rest then accept"


def _permit(base: str, flow: Flow) -> Iterator[str]:
    policy = f"{base} policy {policy_name(flow)}"
    yield from (f"{policy} match source-address {address_name(row)}" for row in flow.source.ipv4_networks)
    yield from (f"{policy} match destination-address {address_name(row)}" for row in flow.destination.ipv4_networks)
    yield from (f"{policy} match application {name}" for name in application_names(flow))
    yield from (f"{policy} then permit", f"{policy} then log session-close")


def _deny_host(zone: str) -> Iterator[str]:
    """Without it host-inbound services are open to every source: no default policy governs ``junos-host``."""
    return _deny(f"set security policies from-zone {zone} to-zone {ITSELF} policy {DENY_HOST}")


def _deny(base: str) -> Iterator[str]:
    yield from (f"{base} match {what} any" for what in ("source-address", "destination-address", "application"))
    yield from (f"{base} then deny", f"{base} then log session-init")


def _refuse_same_names(flows: Iterable[Flow]) -> None:
    seen = {DENY_HOST: "", DENY_REST: ""}
    for flow in flows:
        if flow.source.zone is Zone.FIREWALL:
            continue
        name = policy_name(flow)
        if name in seen:
            fix = f"Give the thing in the site file another name: {seen[name] or 'gatekit'} is called so already."
            raise RenderError("GW302", f"firewall.flows.{flow.id}", name, fix)
        seen[name] = flow.id
