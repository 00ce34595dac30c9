"""What each network device has to be: the firewall's part and the one route on the L3 switch."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from gatekit.errors import PlanError
from gatekit.intent.load import Intent
from gatekit.intent.network import BoundaryFirewall
from gatekit.intent.vpn import Pattern4
from gatekit.plan.addresses import dmz_address, untrust_address, untrust_gateway, untrust_network
from gatekit.plan.model import FirewallPlan, Flow, Interface, Route, SwitchRoutePlan, TunnelPlan, Zone


def firewall_plan(intent: Intent, flows: tuple[Flow, ...], tunnel: TunnelPlan) -> FirewallPlan:
    """Return the firewall's part of the plan: zones, routes, and the flows it forwards, ends or begins."""
    site = intent.site
    via = site.boundary.address if isinstance(site.boundary, BoundaryFirewall) else site.l3_switch.address
    plan = FirewallPlan(
        name="firewall",
        product=site.firewall.product,
        interfaces=(
            _interface(Zone.UNTRUST, untrust_address(intent), untrust_network(intent)),
            _interface(Zone.DMZ, dmz_address(intent, "firewall"), site.dmz.network),
            _interface(Zone.TRUST, site.trust.firewall_address, site.trust.network),
        ),
        default_gateway=untrust_gateway(intent),
        routes=tuple(Route(network=network, via=via) for network in sorted(row.network for row in site.networks)),
        flows=tuple(flow for flow in flows if flow.crosses_firewall or "firewall" in (flow.route[0], flow.route[-1])),
        protected=tuple(sorted(intent.data_centre.networks)),
        dmz=site.dmz.network,
        tunnel=tunnel if isinstance(site.vpn, Pattern4) else None,
    )
    connected = tuple(IPv4Network((int(row.address), row.prefix_length), strict=False) for row in plan.interfaces)
    for hop in (plan.default_gateway, *(route.via for route in plan.routes)):
        _on_a_connected_network("firewall.routes", hop, connected)
    return plan


def switch_route_plan(intent: Intent) -> SwitchRoutePlan:
    """Return NW-4: the DMZ via the firewall's TRUST address, and nothing else."""
    site = intent.site
    hop = site.boundary.address if isinstance(site.boundary, BoundaryFirewall) else site.trust.firewall_address
    connected = (site.trust.network, *sorted(row.network for row in site.networks))
    _on_a_connected_network("l3_switch.route", hop, connected)
    return SwitchRoutePlan(
        name="l3_switch",
        product=site.l3_switch.product,
        managed_by=site.l3_switch.managed_by,
        address=site.l3_switch.address,
        route=Route(network=site.dmz.network, via=hop),
        connected=connected,
    )


def _interface(zone: Zone, address: IPv4Address, network: IPv4Network) -> Interface:
    return Interface(zone=zone, address=address, prefix_length=network.prefixlen)


def _on_a_connected_network(path: str, hop: IPv4Address, connected: tuple[IPv4Network, ...]) -> None:
    if not any(hop in network for network in connected):
        raise PlanError("GW201", path, str(hop), "Give a next hop on a connected network.")
