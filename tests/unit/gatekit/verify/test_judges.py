from __future__ import annotations

import json
from ipaddress import IPv4Network

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.judges import JUDGES
from gatekit.verify.judges.guests import open_sockets
from gatekit.verify.judges.tunnel import sas
from gatekit.verify.model import Check, Reading, Verdict
from gatekit.verify.targets import Targets

# Form of strongSwan 6.0.1 (vendor-configs 3.2), one line in the original.
RAW = (
    "list-sa event {dc-main {uniqueid=2 version=2 state=ESTABLISHED local-host=198.51.100.10 local-port=4500 "
    "local-id=OWN remote-host=203.0.113.10 remote-port=4500 remote-id=PEER initiator=yes "
    "initiator-spi=43e9fa1f67c06819 responder-spi=5578acee6afe818f encr-alg=AES_GCM_16 encr-keysize=256 "
    "prf-alg=PRF_HMAC_SHA2_384 dh-group=ECP_384 established=3 rekey-time=13676 "
    "child-sas {dc-main-2 {name=dc-main uniqueid=2 reqid=1 state=INSTALLED mode=TUNNEL protocol=ESP encap=yes "
    "spi-in=2979451b spi-out=403f6aab encr-alg=AES_GCM_16 encr-keysize=256 bytes-in=IN packets-in=1 bytes-out=OUT "
    "packets-out=1 rekey-time=2741 life-time=3297 install-time=3 local-ts=[10.161.4.0/24] "
    "remote-ts=[10.200.0.0/16]}}}}\nlist-sas reply {}\n"
)


def raw(plan: Plan, **changes: str) -> str:
    text = RAW.replace("OWN", plan.tunnel.local.identity).replace("PEER", plan.tunnel.remote.identity)
    text = text.replace("bytes-in=IN", f"bytes-in={changes.pop('got', '0')}")
    text = text.replace("bytes-out=OUT", f"bytes-out={changes.pop('sent', '0')}")
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def verdict(plan: Plan, targets: Targets, identity: str, *texts: str) -> Verdict:
    check: Check = next(row for row in plan_checks(plan, targets).checks if row.id == identity)
    assert isinstance(check.asks, Reading)
    return JUDGES[check.asks.judge](plan, check, texts)


def addresses(**links: str) -> str:
    rows = [
        {
            "ifname": name,
            "flags": ["UP"],
            "addr_info": [
                {"family": "inet", "local": one.split("/")[0], "prefixlen": int(one.split("/")[1])}
                for one in each.split()
            ],
        }
        for name, each in links.items()
    ]
    return json.dumps([{"ifname": "lo", "flags": ["LOOPBACK"], "addr_info": []}, *rows])


def test_the_raw_listing_gives_sections_lists_and_values(plan: Plan) -> None:
    [(name, sa)] = sas(raw(plan))
    assert (name, sa["version"], sa["child-sas"]["dc-main-2"]["remote-ts"]) == ("dc-main", "2", ["10.200.0.0/16"])


def test_no_sa_at_all_is_red(plan: Plan, targets: Targets) -> None:
    assert not verdict(plan, targets, "tunnel.state", "list-sas reply {}\n").ok


def test_nw_6_the_tunnel_is_up_with_the_planned_networks(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "tunnel.state", raw(plan)).ok


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("ESTABLISHED", "CONNECTING", id="not-established"),
        pytest.param("version=2", "version=1", id="ikev1"),
        pytest.param("[10.200.0.0/16]", "[0.0.0.0/0]", id="wider-networks"),
        pytest.param("remote-id=", "remote-id=x", id="another-peer"),
    ],
)
def test_nw_6_a_tunnel_that_is_not_the_planned_one_is_red(plan: Plan, targets: Targets, old: str, new: str) -> None:
    assert not verdict(plan, targets, "tunnel.state", raw(plan).replace(old, new)).ok


def test_vpn_4_the_negotiated_algorithms_are_the_planned_ones(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "tunnel.algorithms", raw(plan)).ok


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("encr-alg=AES_GCM_16", "encr-alg=AES_CBC", id="cbc"),
        pytest.param("encr-keysize=256", "encr-keysize=128", id="128-bit"),
        pytest.param("dh-group=ECP_384", "dh-group=MODP_2048", id="group-14"),
        pytest.param("prf-alg=PRF_HMAC_SHA2_384", "prf-alg=PRF_HMAC_SHA1", id="sha1"),
    ],
)
def test_vpn_4_a_weaker_algorithm_is_red(plan: Plan, targets: Targets, old: str, new: str) -> None:
    assert not verdict(plan, targets, "tunnel.algorithms", raw(plan).replace(old, new)).ok


@pytest.mark.parametrize(
    ("before", "after", "ok"),
    [(("5", "5"), ("9", "9"), True), (("5", "5"), ("9", "5"), False), (("5", "5"), ("5", "5"), False)],
    ids=["both-grow", "only-in", "idle"],
)
def test_nw_6_counters_must_grow_both_ways(
    plan: Plan, targets: Targets, before: tuple[str, str], after: tuple[str, str], ok: bool
) -> None:
    texts = [raw(plan, got=got, sent=sent) for got, sent in (before, after)]
    assert verdict(plan, targets, "tunnel.counters", *texts).ok is ok


def rule(chain: str, *, drop: bool = True) -> dict[str, object]:
    expr: list[dict[str, object]] = [
        {"match": {"op": "!=", "left": {"meta": {"key": "oifname"}}, "right": "ipsec0"}},
        {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": "@protected"}},
    ]
    return {"rule": {"table": "t", "chain": chain, "expr": [*expr, {"drop": None} if drop else {"accept": None}]}}


def ruleset(*rules: dict[str, object], policy: str = "drop") -> str:
    chains = [
        {"chain": {"table": "t", "name": hook, "hook": hook, "type": "filter", "policy": policy}}
        for hook in ("forward", "output")
    ]
    return json.dumps({"nftables": [*chains, *rules]})


FIREWALL = {"eth0": "198.51.100.10/26", "eth1": "10.161.4.254/24", "eth2": "192.168.10.5/24"}


@pytest.mark.parametrize(
    ("device", "rules", "ok"),
    [
        pytest.param("ipsec0", (rule("forward"), rule("output")), True, id="tunnel-and-guards"),
        pytest.param("eth0", (rule("forward"), rule("output")), False, id="route-by-the-line"),
        pytest.param("ipsec0", (rule("forward"),), False, id="no-guard-for-the-firewall-itself"),
        pytest.param("ipsec0", (rule("forward", drop=False), rule("output")), False, id="guard-that-accepts"),
    ],
)
def test_nw_6_nothing_leaves_in_clear(
    plan: Plan, targets: Targets, device: str, rules: tuple[dict[str, object], ...], ok: bool
) -> None:
    route = json.dumps([{"dst": "10.200.1.10", "dev": device}])
    assert verdict(plan, targets, "tunnel.no_clear", route, addresses(**FIREWALL), ruleset(*rules)).ok is ok


def test_nw_1_the_live_dmz_address_keeps_the_rule(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "address.dmz_rule", addresses(**FIREWALL)).ok
    assert not verdict(plan, targets, "address.dmz_rule", addresses(eth1="10.161.4.253/24")).ok
    assert not verdict(plan, targets, "address.dmz_rule", addresses(eth1="10.161.4.254/16")).ok


def test_nw_3_the_trust_address_is_exactly_the_given_one(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "address.firewall_trust", addresses(**FIREWALL)).ok
    assert not verdict(plan, targets, "address.firewall_trust", addresses(eth2="192.168.10.6/24")).ok
    assert not verdict(plan, targets, "address.firewall_trust", addresses(eth2="192.168.10.5/24 192.168.10.7/24")).ok


def test_ap_6_three_zones_and_default_drop(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "zones.firewall", addresses(**FIREWALL), ruleset()).ok
    assert not verdict(plan, targets, "zones.firewall", addresses(**FIREWALL), ruleset(policy="accept")).ok
    assert not verdict(plan, targets, "zones.firewall", addresses(eth0=FIREWALL["eth0"]), ruleset()).ok


def switch(**routes: tuple[str, str]) -> str:
    rows = {
        prefix.replace("_", "/"): [{"protocol": protocol, "selected": True, "nexthops": [{"ip": hop}]}]
        for prefix, (protocol, hop) in routes.items()
    }
    return json.dumps({"192.168.10.0/24": [{"protocol": "connected", "selected": True, "nexthops": []}], **rows})


def test_nw_4_exactly_our_route_is_green(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "route.l3_switch", switch(**{"10.161.4.0_24": ("static", "192.168.10.5")})).ok


@pytest.mark.parametrize(
    "routes",
    [
        pytest.param({}, id="none"),
        pytest.param({"10.161.4.0_24": ("static", "192.168.10.9")}, id="another-next-hop"),
        pytest.param(
            {"10.161.4.0_24": ("static", "192.168.10.5"), "10.161.4.16_28": ("static", "192.168.10.9")},
            id="more-specific",
        ),
    ],
)
def test_nw_4_any_other_route_is_red(plan: Plan, targets: Targets, routes: dict[str, tuple[str, str]]) -> None:
    assert not verdict(plan, targets, "route.l3_switch", switch(**routes)).ok


def test_nw_2_an_overlap_in_the_live_table_is_red(plan: Plan, targets: Targets) -> None:
    assert verdict(plan, targets, "overlap.dmz", switch(**{"10.161.4.0_24": ("static", "192.168.10.5")})).ok
    assert not verdict(plan, targets, "overlap.dmz", switch(**{"10.161.0.0_16": ("static", "192.168.10.9")})).ok


def test_nw_2_an_overlap_in_the_plan_is_red(plan: Plan, targets: Targets) -> None:
    rows = tuple(
        row.model_copy(update={"network": IPv4Network("10.161.4.0/25")}) if row.name == "hospital.pacs" else row
        for row in plan.networks
    )
    broken = plan.model_copy(update={"networks": rows})
    assert not verdict(broken, targets, "overlap.dmz", switch()).ok


SOCKETS = """udp UNCONN 0 0 0.0.0.0:44321 0.0.0.0:*
udp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*
tcp LISTEN 0 128 [::]:22 [::]:*
tcp LISTEN 0 128 10.161.4.20%eth0:3128 0.0.0.0:*
tcp LISTEN 0 128 10.161.4.20:80 0.0.0.0:*
tcp LISTEN 0 16 0.0.0.0:3493 0.0.0.0:*
"""


def test_sockets_that_serve_are_told_from_loopback_and_asking_ones() -> None:
    assert open_sockets(SOCKETS) == {("tcp", 22), ("tcp", 80), ("tcp", 3128), ("tcp", 3493)}


def test_ap_6_an_unplanned_or_missing_listener_is_red(plan: Plan, targets: Targets) -> None:
    extra = SOCKETS + "tcp LISTEN 0 5 0.0.0.0:9999 0.0.0.0:*\n"
    assert verdict(plan, targets, "listening.vm2", SOCKETS).ok
    assert "unplanned tcp/9999" in verdict(plan, targets, "listening.vm2", extra).observed.en
    assert not verdict(plan, targets, "listening.vm2", extra).ok
    assert not verdict(plan, targets, "listening.vm2", SOCKETS.replace(":3128", ":22")).ok


def test_ap_3_squid_must_run(plan: Plan, targets: Targets) -> None:
    version = "Squid Cache: Version 6.13\n"
    assert verdict(plan, targets, "service.squid", "ActiveState=active\nSubState=running\n", version).ok
    assert not verdict(plan, targets, "service.squid", "ActiveState=inactive\nSubState=dead\n", version).ok


def esxi(plan: Plan, **changes: object) -> str:
    groups = [group.name for switch_ in plan.esxi.vswitches for group in switch_.port_groups]
    state = {
        "version": "x",
        "machines": [
            {
                "name": vm.name,
                "power": "poweredOn",
                "address": str(vm.address) if vm.guest == "debian13" else "",
                "port_groups": [vm.port_group],
            }
            for vm in plan.vms
        ],
        "autostart": {
            "enabled": True,
            "rows": [{"vm": row.vm, "order": row.order, "action": "powerOn"} for row in plan.esxi.autostart],
        },
        "vswitches": [{"name": s.name, "uplinks": list(s.uplinks), "port_groups": groups} for s in plan.esxi.vswitches],
    }
    return json.dumps(state | changes)


@pytest.mark.parametrize("identity", ["esxi.machines", "esxi.autostart", "esxi.network"])
def test_ap_1_esxi_as_planned_is_green_and_empty_is_red(plan: Plan, targets: Targets, identity: str) -> None:
    assert verdict(plan, targets, identity, esxi(plan)).ok
    nothing = esxi(plan, machines=[], autostart={"enabled": False, "rows": []}, vswitches=[])
    assert not verdict(plan, targets, identity, nothing).ok
