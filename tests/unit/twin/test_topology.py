"""The topology stands for the plan: every address from it, nothing overlapping, one way out for nobody."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest

from gatekit.errors import TwinError
from gatekit.plan.flow import Zone
from tests.sites import example_plan, vendor_plan
from twin.layout import topology
from twin.topology import EVERYWHERE, IPNetwork, Kind

TWIN = topology("pattern4", example_plan("pattern4"))


def test_the_same_plan_gives_the_same_topology() -> None:
    assert topology("pattern4", example_plan("pattern4")) == TWIN


def test_networks_never_overlap() -> None:
    assert not [
        (one.name, other.name) for one, other in combinations(TWIN.networks, 2) if one.subnet.overlaps(other.subnet)
    ]


def test_no_two_hosts_share_an_address_and_no_bridge_takes_one() -> None:
    plan = example_plan("pattern4")
    addresses = [leg.address.ip for host in TWIN.hosts for leg in host.legs]
    bridges = [network.bridge for network in TWIN.networks]
    guests = [vm.address for vm in plan.vms]
    everything = [*addresses, *bridges, *guests]
    assert len(set(everything)) == len(everything)


def test_every_leg_and_bridge_lies_in_its_network() -> None:
    for host in TWIN.hosts:
        for leg in host.legs:
            assert leg.address.network == TWIN.network(leg.network).subnet
    assert all(network.bridge in network.subnet for network in TWIN.networks)


def test_the_machine_is_the_staging_controller_of_the_dmz() -> None:
    assert TWIN.network("dmz").bridge == example_plan("pattern4").address("staging_controller")


def test_the_machine_has_legs_where_the_job_logs_in() -> None:
    legs = {network.name for network in TWIN.networks if network.machine_leg}
    plan = example_plan("pattern4")
    reached = [
        plan.address("firewall.dmz"),
        plan.esxi.address,
        plan.l3_switch.address,
        *(vm.address for vm in plan.vms),
    ]
    assert legs == {network.name for network in TWIN.networks if any(one in network.subnet for one in reached)}


def test_no_route_leads_to_a_bridge_and_every_next_hop_is_a_host() -> None:
    plan = example_plan("pattern4")
    hosts = {leg.address.ip for host in TWIN.hosts for leg in host.legs}
    next_hops = {route.via for host in TWIN.hosts for route in host.routes if route.via}
    assert next_hops <= hosts
    assert plan.firewall.default_gateway in hosts


def test_only_routers_forward() -> None:
    forwarding = {host.kind for host in TWIN.hosts if host.forwards}
    assert forwarding == {Kind.INTERNET_ROUTER, Kind.FIREWALL, Kind.DC_GATEWAY, Kind.L3_SWITCH}


def test_the_firewall_has_its_three_zones_and_no_route_of_the_twins() -> None:
    firewall = TWIN.host("firewall")
    assert {leg.interface: str(leg.address) for leg in firewall.legs} == {
        "untrust0": "198.51.100.10/26",
        "dmz0": "10.161.4.254/24",
        "trust0": "192.168.10.5/24",
    }
    assert firewall.routes == ()


def test_vpn_4_the_data_centre_gateway_drops_the_hospital_outside_the_tunnel() -> None:
    routes = {route.network: route.via for route in TWIN.host("dc_gateway").routes}
    assert routes == {EVERYWHERE: IPv4Address("203.0.113.1"), IPv4Network("10.161.4.0/24"): None}


def test_in_1_a_linked_system_listens_only_where_the_gateway_opens_the_connection() -> None:
    systems = {
        host.name: [(one.protocol, one.port) for one in host.listeners]
        for host in TWIN.hosts
        if host.kind is Kind.SYSTEM
    }
    assert systems == {"system_emr": [("hl7_mllp", 2575)], "system_reports": [("http", 8080)]}


def test_the_terminal_sits_among_the_clients_of_the_proxy() -> None:
    terminal = TWIN.host("his_terminal")
    assert any(terminal.address in network for network in example_plan("pattern4").proxy.clients)
    assert terminal.zone is Zone.TRUST


def test_an_unknown_host_and_an_unknown_network_are_refused_with_those_there_are() -> None:
    with pytest.raises(TwinError) as host:
        TWIN.host("nobody")
    assert host.value.facts[:3] == ("GW705", "twin.host", "nobody")
    assert "internet_router" in host.value.fix
    with pytest.raises(TwinError) as leg:
        TWIN.host("viewer").leg("dmz")
    assert leg.value.facts == ("GW705", "twin.viewer", "dmz", "It is cabled to: viewers.")


with_cpe = pytest.mark.parametrize("pattern", ["pattern1", "pattern2", "pattern3"])


@with_cpe
def test_behind_a_cpe_no_two_hosts_share_an_address_and_no_networks_overlap(pattern: str) -> None:
    twin = topology(pattern, example_plan(pattern))
    addresses = [leg.address.ip for host in twin.hosts for leg in host.legs]
    everything = [*addresses, *(network.bridge for network in twin.networks)]
    assert len(set(everything)) == len(everything)
    assert not [pair for pair in combinations(twin.networks, 2) if overlap(pair[0].subnet, pair[1].subnet)]
    assert all(leg.address.network.subnet_of(twin.network(leg.network).subnet) for h in twin.hosts for leg in h.legs)


def overlap(one: IPNetwork, other: IPNetwork) -> bool:
    return one.version == other.version and one.overlaps(other)


@with_cpe
def test_the_cpe_stands_between_line_and_firewall_and_learns_its_address(pattern: str) -> None:
    plan = example_plan(pattern)
    assert plan.cpe is not None
    twin = topology(pattern, plan)
    assert [(leg.network, leg.learnt) for leg in twin.host("cpe").legs] == [("untrust", False), ("line", True)]
    assert twin.host("cpe").leg("untrust").address.ip == plan.firewall.default_gateway
    assert [leg.network for leg in twin.host("internet_router").legs] == ["wan", "viewers"]


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_vpn_2_vpn_3_no_host_joins_the_closed_network_and_the_internet(pattern: str) -> None:
    twin = topology(pattern, example_plan(pattern))
    closed, internet = {"line", "far"}, {"wan", "viewers"}
    for host in twin.hosts:
        networks = {leg.network for leg in host.legs}
        assert not (networks & closed and networks & internet), host.name


def test_vpn_1_the_home_gateway_alone_joins_line_and_internet() -> None:
    twin = topology("pattern1", example_plan("pattern1"))
    joining = [host.name for host in twin.hosts if {"line", "wan"} <= {leg.network for leg in host.legs}]
    assert joining == ["ngn"]
    assert twin.host("other_regional_portal").address == IPv4Address("203.0.113.65")


def test_nw_4_a_switch_of_the_vendors_has_the_route_they_were_asked_for() -> None:
    plan = example_plan("pattern3")
    route = topology("pattern3", plan).host("l3_switch").routes
    assert [(row.network, row.via) for row in route] == [(plan.firewall.dmz, IPv4Address("192.168.11.2"))]


def test_nw_5_the_hospitals_own_firewall_stands_between_ours_and_the_switch() -> None:
    twin = topology("pattern3", example_plan("pattern3"))
    firewall = twin.host("hospital_firewall")
    assert [leg.network for leg in firewall.legs] == ["trust", "boundary"]
    assert {host.name for host in twin.hosts if "trust" in {leg.network for leg in host.legs}} == {
        "firewall",
        "hospital_firewall",
    }
    assert {host.name for host in twin.hosts if "boundary" in {leg.network for leg in host.legs}} == {
        "hospital_firewall",
        "l3_switch",
    }
    assert firewall.forwards


@pytest.mark.parametrize(
    ("product", "path"),
    [("juniper_srx", "firewall"), ("cisco_iosxe", "vpn.cpe"), ("alaxala_ax", "l3_switch")],
)
def test_a_product_without_packets_is_refused(product: str, path: str) -> None:
    with pytest.raises(TwinError) as refused:
        topology("x", vendor_plan(product))
    assert refused.value.facts[:3] == ("GW706", f"{path}.product", product)
