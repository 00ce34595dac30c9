"""What the hospital puts between its network and ours: everybody's routes lead through it, and its flows are ours."""

from __future__ import annotations

from gatekit.plan.boundary import HospitalFirewallPlan, VlanPlan
from gatekit.plan.flow import Zone
from tests.sites import example_plan


def behind_firewall() -> HospitalFirewallPlan:
    boundary = example_plan("pattern3").boundary
    assert isinstance(boundary, HospitalFirewallPlan)
    return boundary


def test_nw_5_without_a_boundary_there_is_none() -> None:
    assert example_plan("pattern4").boundary is None


def test_nw_5_the_vlan_of_its_own_holds_the_trust_network() -> None:
    plan = example_plan("pattern2")
    assert plan.boundary == VlanPlan(vlan_id=310, network=plan.l3_switch.connected[0])


def test_nw_5_all_routes_lead_through_the_hospitals_firewall() -> None:
    plan, boundary = example_plan("pattern3"), behind_firewall()
    assert {route.via for route in plan.firewall.routes} == {boundary.trust_address}
    assert plan.l3_switch.route.via == boundary.inside_address
    assert plan.l3_switch.address in boundary.inside_network
    ours, *theirs = boundary.routes
    assert (ours.network, ours.via) == (plan.firewall.dmz, plan.address("firewall.trust"))
    assert {route.via for route in theirs} == {plan.l3_switch.address}
    assert {route.network for route in theirs} == {route.network for route in plan.firewall.routes}


def test_nw_5_exactly_the_flows_between_hospital_and_appliance_cross_it() -> None:
    crossing = [
        flow for flow in example_plan("pattern3").flows if Zone.TRUST in (flow.source.zone, flow.destination.zone)
    ]
    assert crossing
    assert list(behind_firewall().flows) == crossing


def test_nw_5_its_addresses_stand_in_the_table_and_the_link_is_no_network_of_the_hospitals() -> None:
    plan, boundary = example_plan("pattern3"), behind_firewall()
    assert plan.address("hospital_firewall.trust") == boundary.trust_address
    assert plan.address("hospital_firewall.inside") == boundary.inside_address
    link = next(row for row in plan.networks if row.network == boundary.inside_network)
    assert not link.of_hospital
    behind = [row.network for row in plan.networks if row.of_hospital]
    assert sorted(behind) == [route.network for route in boundary.routes[1:]]
