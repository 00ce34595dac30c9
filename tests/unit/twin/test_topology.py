"""The topology stands for the plan: every address from it, nothing overlapping, one way out for nobody."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest

from gatekit.errors import TwinError
from gatekit.plan.model import Zone
from tests.sites import example_plan
from twin.topology import EVERYWHERE, Kind, topology

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


@pytest.mark.parametrize("pattern", ["pattern1", "pattern2", "pattern3"])
def test_a_pattern_with_a_cpe_is_refused(pattern: str) -> None:
    with pytest.raises(TwinError) as refused:
        topology(pattern, example_plan(pattern))
    assert refused.value.facts == ("GW706", "plan.pattern", int(pattern[-1]), "Use a site of pattern 4.")
