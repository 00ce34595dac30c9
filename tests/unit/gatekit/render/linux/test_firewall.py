"""The rendered packet filter, read back by nft itself and compared with the matrix (AP-6, NW-1, NW-3)."""

from __future__ import annotations

from ipaddress import collapse_addresses
from typing import Any

import pytest

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.linux.firewall import firewall_nft
from gatekit.render.linux.host_facts import FirewallHostFacts
from tests.unit.gatekit.render.linux.pattern4 import (
    BEHIND_CPE,
    FLOWS,
    REAL,
    TWIN,
    VM1,
    VM2,
    firewall_plan,
    flow,
)
from tests.unit.gatekit.render.linux.read_back import loaded, matches, networks

CASES = [
    pytest.param(firewall_plan(), TWIN, id="twin"),
    pytest.param(firewall_plan(), REAL, id="real"),
    pytest.param(firewall_plan(ends_tunnel=False), BEHIND_CPE, id="behind-cpe"),
]
LOOPBACK_AND_STATE = 5  # accept rules that are no flow: lo in and out, established in three chains


def expected(flow: Flow, host: FirewallHostFacts) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if flow.source.zone is not Zone.FIREWALL:
        wanted["iifname"] = host.interface(flow.source.zone)
    if flow.destination.zone is not Zone.FIREWALL:
        wanted["oifname"] = host.interface(flow.destination.zone)
    wanted["ip saddr"] = [str(network) for network in collapse_addresses(flow.source.networks)]
    wanted["ip daddr"] = [str(network) for network in collapse_addresses(flow.destination.networks)]
    if flow.protocol is Protocol.ICMP:
        wanted["icmp type"] = "echo-request"
    elif flow.protocol is Protocol.ESP:
        wanted["l4proto"] = "esp"
    else:
        wanted[f"{flow.protocol.value} dport"] = list(flow.ports)
    return wanted


def read_back(rule: dict[str, Any]) -> dict[str, Any]:
    asked = matches(rule)
    for field in ("ip saddr", "ip daddr"):
        asked[field] = networks(asked[field])
    for field in ("tcp dport", "udp dport"):
        if field in asked:
            ports = asked[field]
            asked[field] = ports["set"] if isinstance(ports, dict) else [ports]
    return asked


@pytest.mark.parametrize(("plan", "host"), CASES)
def test_ap_6_every_flow_is_one_rule_and_no_other_accept_exists(plan: FirewallPlan, host: FirewallHostFacts) -> None:
    rules = loaded(firewall_nft(plan, host))
    accepting = [rule for rule in rules if any("accept" in part for part in rule["expr"])]
    named = {rule["comment"]: rule for rule in accepting if "comment" in rule}
    replies = {name: rule for name, rule in named.items() if name.endswith(".reply")}
    of_flows = {name: rule for name, rule in named.items() if name not in replies}
    assert len(accepting) == len(plan.flows) + len(replies) + LOOPBACK_AND_STATE
    assert list(replies) == ["maintain.firewall.reply"]
    assert {name: read_back(rule) for name, rule in of_flows.items()} == {
        flow.id: expected(flow, host) for flow in plan.flows
    }
    chains = {flow.id: _chain(flow) for flow in plan.flows}
    assert {name: rule["chain"] for name, rule in of_flows.items()} == chains


def test_a_reply_rule_lets_no_connection_be_opened() -> None:
    rules = loaded(firewall_nft(firewall_plan(), TWIN))
    reply = next(rule for rule in rules if rule.get("comment") == "maintain.firewall.reply")
    flags = reply["expr"][4]["match"]
    assert reply["chain"] == "output"
    assert (flags["op"], flags["right"]) == ("==", "ack")
    assert matches(reply)["tcp sport"] == 22


def _chain(flow: Flow) -> str:
    if flow.destination.zone is Zone.FIREWALL:
        return "input"
    return "output" if flow.source.zone is Zone.FIREWALL else "forward"


@pytest.mark.parametrize(("plan", "host"), CASES)
def test_nw_6_the_leak_rule_stands_before_any_accept(plan: FirewallPlan, host: FirewallHostFacts) -> None:
    rules = loaded(firewall_nft(plan, host))
    for chain in ("forward", "output"):
        verdicts = [rule for rule in rules if rule["chain"] == chain]
        leak = next(n for n, rule in enumerate(verdicts) if rule.get("comment") == f"no-clear-to-data-centre-{chain}")
        accepts = [
            n
            for n, rule in enumerate(verdicts)
            if any("accept" in part for part in rule["expr"]) and matches(rule).get("oifname") != "lo"
        ]
        assert leak < min(accepts)


def test_every_packet_that_matches_nothing_is_logged_counted_and_dropped() -> None:
    rules = loaded(firewall_nft(firewall_plan(), TWIN))
    for chain in ("input", "forward", "output"):
        log, drop = [rule for rule in rules if rule["chain"] == chain][-2:]
        assert {"log": {"prefix": f"gatekit-{chain} ", "group": 1}} in log["expr"]
        assert drop["comment"] == f"default-deny-{chain}"
        assert [next(iter(part)) for part in drop["expr"]] == ["counter", "drop"]


def test_no_address_is_translated() -> None:
    text = firewall_nft(firewall_plan(), TWIN)
    assert [word for word in ("nat", "masquerade", "snat", "dnat", "flush") if word in text.split()] == []


def test_the_mss_is_clamped_both_ways_only_where_the_tunnel_ends_here() -> None:
    here = firewall_nft(firewall_plan(), TWIN)
    assert here.count("maxseg size set 1334") == 2
    assert "maxseg" not in firewall_nft(firewall_plan(ends_tunnel=False), BEHIND_CPE)


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert firewall_nft(firewall_plan(), TWIN) == firewall_nft(firewall_plan(), TWIN)


def test_a_flow_within_one_zone_is_refused() -> None:
    plan = firewall_plan().model_copy(update={"flows": (flow("vm1.vm2", VM1, VM2, Protocol.TCP, 1),)})
    with pytest.raises(RenderError) as caught:
        firewall_nft(plan, TWIN)
    fix = "Both ends lie in one zone; the firewall never sees it."
    assert caught.value.facts == ("GW302", "firewall.flows.vm1.vm2", "dmz", fix)


def test_a_tunnel_without_its_ike_flows_is_refused() -> None:
    plan = firewall_plan().model_copy(update={"flows": FLOWS})
    with pytest.raises(RenderError) as caught:
        firewall_nft(plan, TWIN)
    fix = "The matrix has to let IKE through both ways between the firewall and its peer."
    assert caught.value.facts == ("GW302", "firewall.flows", "dc-main", fix)


def test_a_tunnel_without_tunnel_interface_is_refused() -> None:
    with pytest.raises(RenderError) as caught:
        firewall_nft(firewall_plan(), BEHIND_CPE)
    fix = "Name the tunnel interface in the host's facts."
    assert caught.value.facts == ("GW302", "firewall.host_facts.tunnel", None, fix)


def test_a_tunnel_interface_without_tunnel_is_refused() -> None:
    with pytest.raises(RenderError) as caught:
        firewall_nft(firewall_plan(ends_tunnel=False), TWIN)
    fix = "A CPE ends the tunnel; leave the tunnel interface out."
    assert caught.value.facts == ("GW302", "firewall.host_facts.tunnel", "ipsec0", fix)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param({"untrust": 'eth0"; drop'}, id="no-injection"),
        pytest.param({"untrust": "a-name-of-16-chr"}, id="longer-than-the-kernel-allows"),
        pytest.param({"untrust": "eth1", "dmz": "eth1"}, id="one-interface-for-two-zones"),
    ],
)
def test_interface_names_the_kernel_cannot_have_are_refused(names: dict[str, str]) -> None:
    facts = {"untrust": "eth0", "dmz": "eth1", "trust": "eth2", "tunnel": None, "if_id": None, **names}
    with pytest.raises(ValueError, match=r"pattern|each zone has an interface of its own"):
        FirewallHostFacts.model_validate(facts)
