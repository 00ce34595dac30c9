"""The plan of the four example hospitals, and what must hold for every plan."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekit.intent.rules import broken_rules
from gatekit.plan.document import plan_bytes, plan_sha256
from gatekit.plan.flow import Zone
from gatekit.plan.make import make_plan
from gatekit.plan.model import Plan
from tests.sites import PATTERNS, example_plan, generated_intent, vendor_plan

every_example = pytest.mark.parametrize("name", PATTERNS)


@every_example
def test_the_same_site_gives_the_same_bytes_twice(name: str) -> None:
    first, second = example_plan(name), example_plan.__wrapped__(name)
    assert first is not second
    assert plan_bytes(first) == plan_bytes(second)
    assert plan_sha256(first) == plan_sha256(second)


@every_example
def test_a_written_plan_reads_back_equal(name: str) -> None:
    plan = example_plan(name)
    assert Plan.model_validate_json(plan_bytes(plan)) == plan


@every_example
def test_nw_1_dmz_is_a_24_of_10_16x_and_the_firewall_has_254(name: str) -> None:
    plan = example_plan(name)
    dmz = plan.firewall.dmz
    assert dmz.prefixlen == 24
    assert dmz.network_address.packed[0] == 10
    assert 160 <= dmz.network_address.packed[1] <= 169
    assert plan.address("firewall.dmz") == dmz.network_address + 254
    assert all(row.address in dmz for row in plan.addresses if row.network == "dmz")


@every_example
def test_nw_2_no_two_networks_overlap(name: str) -> None:
    networks = [row.network for row in example_plan(name).networks]
    assert not [(str(a), str(b)) for a, b in combinations(networks, 2) if a.overlaps(b)]


def test_nw_3_the_trust_address_is_the_one_the_network_vendor_gave() -> None:
    plan = example_plan("pattern4")
    assert plan.address("firewall.trust") == IPv4Address("192.168.10.5")
    assert next(row for row in plan.addresses if row.name == "firewall.trust").assigned_by == "hospital"


def test_nw_4_the_switch_gets_the_dmz_via_the_trust_address_and_nothing_else() -> None:
    plan = example_plan("pattern4")
    assert plan.l3_switch.route.network == plan.firewall.dmz
    assert plan.l3_switch.route.via == plan.address("firewall.trust")


@pytest.mark.parametrize(("name", "device"), [("pattern1", "cpe"), ("pattern4", "firewall")])
def test_nw_6_one_device_ends_the_tunnel(name: str, device: str) -> None:
    plan = example_plan(name)
    assert plan.tunnel_device == device
    assert (plan.firewall.tunnel is not None) == (device == "firewall")


@every_example
def test_nw_6_the_other_end_is_the_mirror_of_ours(name: str) -> None:
    ours = example_plan(name).tunnel
    theirs = ours.mirrored()
    assert (theirs.local, theirs.remote, theirs.suite) == (ours.remote, ours.local, ours.suite)
    assert not theirs.initiator


@pytest.mark.parametrize(
    ("product", "level", "group"),
    [("linux", "HIGH", 20), ("cisco_iosxe", "HIGH", 20), ("nec_ix", "BASE", 15), ("yamaha_rtx", "BASE", 14)],
)
def test_base_takes_the_strongest_group_of_the_product(product: str, level: str, group: int) -> None:
    suite = vendor_plan(product).tunnel.suite
    assert (suite.level, suite.dh_group) == (level, group)


@every_example
def test_hc_1_terminals_reach_the_proxy_and_nothing_else_of_ours(name: str) -> None:
    plan = example_plan(name)
    from_terminals = [flow for flow in plan.flows if flow.source.name == "his_clients"]
    assert {flow.id for flow in from_terminals} == {"proxy.terminals", "proxy.settings"}
    assert {flow.destination.name for flow in from_terminals} == {"vm2"}


@every_example
def test_flow_ids_are_unique_and_every_flow_has_one_way(name: str) -> None:
    flows = example_plan(name).flows
    assert len({flow.id for flow in flows}) == len(flows)
    for flow in flows:
        assert len(set(flow.route)) == len(flow.route) >= 2, flow.id


def assert_sound(plan: Plan) -> None:
    """What must hold for every hospital."""
    addresses = [row.address for row in plan.addresses]
    assert len(set(addresses)) == len(addresses)
    for row in plan.addresses:
        assert row.address in next(net.network for net in plan.networks if net.name == row.network)
    connected = [IPv4Network((int(row.address), row.prefix_length), strict=False) for row in plan.firewall.interfaces]
    hops = [plan.firewall.default_gateway, *(route.via for route in plan.firewall.routes)]
    assert all(any(hop in network for network in connected) for hop in hops)
    assert any(plan.l3_switch.route.via in network for network in plan.l3_switch.connected)
    zones = {row.network: row.zone for row in plan.networks}
    for flow in plan.flows:
        for end in (flow.source, flow.destination):
            if end.ipv4_networks:  # the CPE's underlay lies in no network of the plan
                homes = {home for row, home in zones.items() if all(part.subnet_of(row) for part in end.ipv4_networks)}
                assert homes <= {end.zone} or end.zone is Zone.FIREWALL, (flow.id, end.name)
    forwarded = {flow.id for flow in plan.firewall.flows}
    for flow in plan.flows:
        assert (flow.id in forwarded) == ("firewall" in flow.route), flow.id
    macs = [vm.mac for vm in plan.vms]
    assert len(set(macs)) == 3
    assert all(mac.startswith("00:50:56:") and int(mac[9:11], 16) <= 0x3F for mac in macs)


@every_example
def test_example_plans_are_sound(name: str) -> None:
    assert_sound(example_plan(name))


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2499))
def test_generated_hospitals_are_valid_and_their_plans_sound(number: int) -> None:
    intent = generated_intent(number)
    assert list(broken_rules(intent.site, intent.data_centre)) == []
    assert_sound(make_plan(intent))
