"""The rendered packet filter of a CPE, read back by nft itself and compared with the matrix (VPN-1 .. VPN-3)."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.plan.flow import Flow, Zone
from gatekit.plan.network_device import CpePlan
from gatekit.render.linux.cpe import cpe_nft
from gatekit.render.linux.host_facts import CpeHostFacts
from tests.sites import example_plan
from tests.unit.gatekit.render.linux.read_back import loaded, matches, networks

HOST = CpeHostFacts(lan="lan0", wan="wan0", tunnel="ipsec0", if_id=None)
LINE_IN = {"line.neighbours", "line.errors"}
LINE = {  # what the line itself needs, by pattern: RA and DHCP for IPv4, prefix delegation, RA alone
    "pattern1": LINE_IN | {"line.address", "line.neighbours.out", "line.address.out"},
    "pattern2": LINE_IN | {"line.prefix", "line.neighbours.out", "line.prefix.out"},
    "pattern3": LINE_IN | {"line.neighbours.out"},
}
every_pattern = pytest.mark.parametrize("pattern", sorted(LINE))


def cpe(pattern: str) -> CpePlan:
    found = example_plan(pattern).cpe
    assert found is not None
    return found


def accepting(pattern: str) -> dict[str, dict[str, Any]]:
    rules = loaded(cpe_nft(cpe(pattern), HOST))
    named = [rule for rule in rules if any("accept" in part for part in rule["expr"]) and "comment" in rule]
    return {rule["comment"]: rule for rule in named}


def chain_of(flow: Flow) -> str:
    if flow.route[0] == "cpe":
        return "output"
    return "input" if flow.route[-1] == "cpe" else "forward"


@every_pattern
def test_vpn_1_vpn_2_vpn_3_every_flow_is_one_rule_and_no_other_accept_exists(pattern: str) -> None:
    named, flows = accepting(pattern), {flow.id: flow for flow in cpe(pattern).flows}
    of_flows = {name: rule["chain"] for name, rule in named.items() if name in flows}
    assert of_flows == {name: chain_of(flow) for name, flow in flows.items()}
    assert set(named) - set(flows) == LINE[pattern] | {"maintain.cpe.reply", "support.cpe.reply"}
    rules = loaded(cpe_nft(cpe(pattern), HOST))
    unnamed = [rule for rule in rules if any("accept" in part for part in rule["expr"]) and "comment" not in rule]
    assert len(unnamed) == 5  # lo in and out, established in three chains


@every_pattern
def test_nw_6_the_data_centre_is_reached_through_the_tunnel_alone(pattern: str) -> None:
    for name, rule in accepting(pattern).items():
        flow = next((one for one in cpe(pattern).flows if one.id == name), None)
        if flow is not None and flow.destination.zone is Zone.DATA_CENTRE:
            assert matches(rule)["oifname"] == "ipsec0", name
    rules = loaded(cpe_nft(cpe(pattern), HOST))
    for chain in ("forward", "output"):
        first = [rule for rule in rules if rule["chain"] == chain and matches(rule).get("oifname") != "lo"]
        assert first[1]["comment"] == f"no-clear-to-data-centre-{chain}"


@every_pattern
def test_the_line_reaches_the_cpe_for_ike_and_esp_of_one_peer_and_nothing_else(pattern: str) -> None:
    peer = str(example_plan(pattern).tunnel.remote.underlay)
    from_line = {
        name: matches(rule)
        for name, rule in accepting(pattern).items()
        if rule["chain"] == "input" and matches(rule).get("iifname") == "wan0" and name not in LINE[pattern]
    }
    assert set(from_line) == {"ike.in", "esp.in"}
    assert {asked["ip6 saddr"] for asked in from_line.values()} == {peer}


def test_vpn_1_the_line_carries_the_other_services_and_only_those_in_clear() -> None:
    clear = {name: rule for name, rule in accepting("pattern1").items() if matches(rule).get("oifname") == "wan0"}
    assert {name for name, rule in clear.items() if rule["chain"] == "forward"} == {"other.regional_portal"}
    asked = matches(clear["other.regional_portal"])
    assert networks(asked["ip daddr"]) == ["203.0.113.64/28"]
    assert asked["tcp dport"] == 443


@pytest.mark.parametrize("pattern", ["pattern2", "pattern3"])
def test_vpn_2_vpn_3_nothing_passes_to_the_closed_network_in_clear(pattern: str) -> None:
    rules = loaded(cpe_nft(cpe(pattern), HOST))
    forwarded = [rule for rule in rules if rule["chain"] == "forward" and matches(rule).get("oifname") == "wan0"]
    assert forwarded == []
    assert not [rule for rule in rules if rule["chain"] == "translation"]


@every_pattern
def test_what_cannot_lie_behind_an_interface_is_dropped_first(pattern: str) -> None:
    rules = loaded(cpe_nft(cpe(pattern), HOST))
    reasons = {rule["comment"] for rule in rules if rule["chain"] == "antispoof" and "comment" in rule}
    assert reasons == {"spoofed-data-centre", "spoofed-on-lan", "spoofed-on-wan", "spoofed-in-tunnel"}
