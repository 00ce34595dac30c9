"""The packet filter of a Linux firewall as nftables text (AP-6, NW-1, NW-3, VPN-4).

The pieces are in nft.py; here is what three zones make of them.
"""

from __future__ import annotations

from ipaddress import IPv4Network, collapse_addresses

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.linux.host_facts import FirewallHostFacts
from gatekit.render.linux.nft import chain, clamp, dropped, ends, networks, no_clear, reply, rest, rule, state, table

IKE_PORTS = frozenset({500, 4500})  # RFC 7296 2: both ends use them, and either may rekey


def firewall_nft(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    """Return the file for ``nft -f``: the flows of the plan, and nothing else, are let through.

    Every accept rule bears its flow's id as comment, every drop rule the reason; both count.

    Raises:
        RenderError: GW302 for a flow the firewall never sees, a tunnel without its IKE flow, or a
            tunnel plan without tunnel interface.
    """
    _refuse_inconsistent(plan, host)
    chains = (_antispoof(plan, host), _input(plan, host), _forward(plan, host), _output(plan, host))
    return table(chains, plan.protected)


def zone_networks(plan: FirewallPlan, zone: Zone) -> tuple[IPv4Network, ...]:
    """Return the networks behind an interface: connected, and routed via a next hop on it; merged, sorted."""
    connected = [
        IPv4Network((interface.address, interface.prefix_length), strict=False)
        for interface in plan.interfaces
        if interface.zone is zone
    ]
    routed = [route.network for route in plan.routes if any(route.via in network for network in connected)]
    return tuple(collapse_addresses([*connected, *routed]))


def _refuse_inconsistent(plan: FirewallPlan, host: FirewallHostFacts) -> None:
    if plan.tunnel is not None and host.tunnel is None:
        fix = "Name the tunnel interface in the host's facts."
        raise RenderError("GW302", f"{plan.name}.host_facts.tunnel", None, fix)
    if plan.tunnel is None and host.tunnel is not None:
        fix = "A CPE ends the tunnel; leave the tunnel interface out."
        raise RenderError("GW302", f"{plan.name}.host_facts.tunnel", host.tunnel, fix)
    for flow in plan.flows:
        if flow.source.zone is flow.destination.zone:
            fix = "Both ends lie in one zone; the firewall never sees it."
            raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", flow.source.zone.value, fix)
    ways = {(flow.source.zone, flow.destination.zone) for flow in plan.flows if IKE_PORTS.issubset(flow.ports)}
    if plan.tunnel is not None and not ways >= {(Zone.FIREWALL, Zone.UNTRUST), (Zone.UNTRUST, Zone.FIREWALL)}:
        fix = "The matrix has to let IKE through both ways between the firewall and its peer."
        raise RenderError("GW302", f"{plan.name}.flows", plan.tunnel.name, fix)


def _antispoof(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    """Before connection tracking: a source that cannot lie behind the interface it came in by."""
    rules: list[str] = []
    elsewhere = f'iifname != {{ "lo", "{host.data_centre}" }} ip saddr @protected'
    rules += dropped(elsewhere, "spoofed-data-centre", "spoof")
    for zone in (Zone.DMZ, Zone.TRUST):
        behind = networks(zone_networks(plan, zone))
        rules += dropped(f'iifname "{host.interface(zone)}" ip saddr != {behind}', f"spoofed-on-{zone.value}", "spoof")
    inside = networks([*zone_networks(plan, Zone.DMZ), *zone_networks(plan, Zone.TRUST)])
    rules += dropped(f'iifname "{host.untrust}" ip saddr {inside}', "spoofed-on-untrust", "spoof")
    if host.tunnel is not None:
        rules += dropped(f'iifname "{host.tunnel}" ip saddr != @protected', "spoofed-in-tunnel", "spoof")
    return chain("antispoof", "prerouting priority raw", "accept", rules)


def _input(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = ['iifname "lo" accept', *state("input")]
    rules += [
        rule(flow, f'iifname "{host.interface(flow.source.zone)}" {ends(flow)}')
        for flow in plan.flows
        if flow.destination.zone is Zone.FIREWALL
    ]
    return chain("input", "input priority filter", "drop", [*rules, *_rest("input")])


def _forward(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = [*no_clear(host.data_centre, "forward")]
    if plan.tunnel is not None:
        rules += clamp(host.data_centre, plan.tunnel.mss)
    rules += state("forward")
    for flow in plan.flows:
        if flow.crosses_firewall:
            ways = f'iifname "{host.interface(flow.source.zone)}" oifname "{host.interface(flow.destination.zone)}"'
            rules.append(rule(flow, f"{ways} {ends(flow)}"))
    return chain("forward", "forward priority filter", "drop", [*rules, *_rest("forward")])


def _output(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = ['oifname "lo" accept', *no_clear(host.data_centre, "output"), *state("output")]
    rules += [
        rule(flow, f'oifname "{host.interface(flow.destination.zone)}" {ends(flow)}')
        for flow in plan.flows
        if flow.source.zone is Zone.FIREWALL
    ]
    rules += [reply(flow, host.interface(flow.source.zone)) for flow in plan.flows if _answers_tcp(flow)]
    return chain("output", "output priority filter", "drop", [*rules, *_rest("output")])


def _answers_tcp(flow: Flow) -> bool:
    return flow.destination.zone is Zone.FIREWALL and flow.protocol is Protocol.TCP


def _rest(chain_name: str) -> tuple[str, str, str]:
    """IPv6 is not routed here, so it goes without filling the log."""
    return f'meta nfproto ipv6 counter drop comment "no-ipv6-{chain_name}"', *rest(chain_name)
