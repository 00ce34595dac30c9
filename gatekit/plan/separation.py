"""Plans what the hospital puts between its network and ours: a VLAN, a firewall of its own, or nothing (NW-5)."""

from __future__ import annotations

from gatekit.intent.load import Intent
from gatekit.intent.network import BoundaryFirewall, BoundaryVlan
from gatekit.plan.boundary import BoundaryPlan, HospitalFirewallPlan, VlanPlan
from gatekit.plan.flow import Flow
from gatekit.plan.network_device import Route
from gatekit.plan.topology import HOSPITAL_FIREWALL


def boundary_plan(intent: Intent, flows: tuple[Flow, ...]) -> BoundaryPlan | None:
    """Return what stands between; None where the L3 switch reaches our firewall directly."""
    site, boundary = intent.site, intent.site.boundary
    if isinstance(boundary, BoundaryVlan):
        return VlanPlan(vlan_id=boundary.vlan_id, network=site.trust.network)
    if not isinstance(boundary, BoundaryFirewall):
        return None
    ours = Route(network=site.dmz.network, via=site.trust.firewall_address)
    theirs = (Route(network=row.network, via=site.l3_switch.address) for row in site.networks)
    return HospitalFirewallPlan(
        name=HOSPITAL_FIREWALL,
        product=boundary.product,
        trust_address=boundary.address,
        trust_network=site.trust.network,
        inside_address=boundary.inside_address,
        inside_network=boundary.inside_network,
        routes=(ours, *sorted(theirs, key=lambda route: route.network)),
        flows=tuple(flow for flow in flows if HOSPITAL_FIREWALL in flow.route),
    )
