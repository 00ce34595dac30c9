"""What the FortiOS text says: the plan's flows and no other, read back by a reader of its own, taken by the box."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.fortios import PLATFORM
from gatekit.devices.fortios.tree import parse
from gatekit.errors import RenderError
from gatekit.plan.flow import Zone
from gatekit.plan.make import make_plan
from gatekit.plan.network_device import CryptoSuite, FirewallPlan
from gatekit.render.fortios import firewall_config
from gatekit.render.fortios.text import FIRST_ID, ID_COUNT, stable_ids
from tests.sites import PATTERNS, generated_intent, parts_of, vendor_plan
from tests.unit.gatekit.simulators.fortios.box import SECRETS, delivered, firewall, revealed, shown, typed

BASE = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=14)


def with_tunnel(plan: FirewallPlan, **values: object) -> FirewallPlan:
    assert plan.tunnel is not None
    return plan.model_copy(update={"tunnel": plan.tunnel.model_copy(update=values)})


def with_suite(suite: CryptoSuite) -> FirewallPlan:
    return with_tunnel(firewall(), suite=suite)


def with_more_networks() -> FirewallPlan:
    """Two networks of ours and three of theirs: six pairs of selectors."""
    plan = firewall()
    more = (IPv4Network("10.201.0.0/16"), IPv4Network("10.202.0.0/16"))
    assert plan.tunnel is not None
    local = plan.tunnel.local.model_copy(update={"networks": (plan.dmz, IPv4Network("10.161.5.0/24"))})
    remote = plan.tunnel.remote.model_copy(update={"networks": (*plan.protected, *more)})
    return with_tunnel(plan, local=local, remote=remote).model_copy(update={"protected": (*plan.protected, *more)})


PLANS = {
    **{name: lambda name=name: firewall(name) for name in PATTERNS},
    "base": lambda: with_suite(BASE),
    "group_15": lambda: with_suite(BASE.model_copy(update={"dh_group": 15})),
    "six_pairs": with_more_networks,
    **{f"site_{number}": lambda number=number: site(number) for number in range(4)},
}


def site(number: int) -> FirewallPlan:
    """Another hospital's firewall, as a FortiGate."""
    ports = dict(zip(("untrust", "dmz", "trust"), ("wan1", "internal1", "internal2"), strict=True))
    plan = make_plan(generated_intent(number)).firewall
    renamed = tuple(row.model_copy(update={"port": ports[row.zone.value]}) for row in plan.interfaces)
    return plan.model_copy(update={"product": "fortigate", "interfaces": renamed})


@pytest.mark.parametrize("name", PLANS)
def test_ap_6_the_text_means_what_the_plan_says_and_nothing_else(name: str):
    plan = PLANS[name]()
    assert PLATFORM.meaning(firewall_config(plan), plan) == meaning_of(plan)


@pytest.mark.parametrize("name", PATTERNS)
def test_rendering_twice_gives_the_same_bytes(name: str):
    assert firewall_config(firewall(name)) == firewall_config(vendor_plan("fortigate", name).firewall)


@pytest.mark.parametrize("name", ["pattern4", "pattern1", "base", "six_pairs"])
def test_the_box_takes_every_line_and_shows_what_was_meant(name: str):
    plan = PLANS[name]()
    box = delivered(plan)
    typed(
        box,
        "config firewall policy",
        "delete 1",
        "end",
        "config system interface",
        "edit port1",
        "unset mode",
        "next",
        "end",
    )
    typed(box, "config system ntp", "unset server-mode", "unset interface", "end")
    typed(box, *revealed(firewall_config(plan)).splitlines())
    assert PLATFORM.meaning(shown(box), plan) == meaning_of(plan)


def test_secrets_stand_by_name_only():
    text = firewall_config(firewall())
    assert text.count("<secret ") == len(SECRETS)
    assert all(f'"<secret {name}>"' in text for name in SECRETS)


def test_patterns_with_a_cpe_have_no_tunnel_and_nothing_secret_but_the_password():
    text = firewall_config(firewall("pattern1"))
    assert "vpn ipsec" not in text
    assert "blackhole" not in text
    assert text.count("<secret ") == 1


def test_a_flow_more_renumbers_nobody():
    plan = firewall()
    fewer = plan.model_copy(update={"flows": tuple(flow for flow in plan.flows if flow.id != "link.emr")})
    before, after = (set(parse(firewall_config(one), "x")["firewall policy"].entries) for one in (fewer, plan))
    assert before < after
    assert len(after - before) == 1


def test_ids_are_made_from_the_name_alone_and_two_of_one_name_do_not_meet():
    assert stable_ids(["a", "b"])["a"] == stable_ids(["a"])["a"] == stable_ids(["c", "a"])["a"]
    ids = stable_ids(str(number) for number in range(60_000))  # about two of them begin with the same number
    assert len(set(ids.values())) == len(ids)
    assert min(ids.values()) >= FIRST_ID
    assert max(ids.values()) < FIRST_ID + ID_COUNT


def test_vpn_4_what_never_leaves_in_clear_stands_above_every_permit():
    tables = parse(firewall_config(firewall()), "x")
    first = next(iter(tables["firewall policy"].entries.values()))
    assert first.settings["name"] == ("no-clear-to-data-centre",)
    assert "action" not in first.settings  # deny is the default, and `show` does not print it
    assert first.settings["dstintf"] == ("UNTRUST", "DMZ", "TRUST")


def test_nw_3_zones_are_the_three_of_the_plan_and_let_nothing_through_within():
    zones = parse(firewall_config(firewall()), "x")["system zone"].entries
    assert list(zones) == ["UNTRUST", "DMZ", "TRUST"]
    assert {zone.settings["intrazone"] for zone in zones.values()} == {("deny",)}


def test_each_pair_of_networks_has_selectors_of_its_own():
    phases = parse(firewall_config(with_more_networks()), "x")["vpn ipsec phase2-interface"].entries
    pairs = {(one.settings["src-subnet"], one.settings["dst-subnet"]) for one in phases.values()}
    assert len(phases) == len(pairs) == 6


def _ports(plan: FirewallPlan, port: str) -> FirewallPlan:
    first, *rest = plan.interfaces
    return plan.model_copy(update={"interfaces": (first.model_copy(update={"port": port}), *rest)})


def _many_logins(plan: FirewallPlan) -> FirewallPlan:
    login = next(flow for flow in plan.flows if flow.id == "maintain.firewall")
    sources = tuple(IPv4Network(f"10.161.4.{number}/32") for number in range(100, 112))
    wide = login.model_copy(update={"source": login.source.model_copy(update={"networks": sources})})
    return plan.model_copy(update={"flows": tuple(wide if flow is login else flow for flow in plan.flows)})


def _listening(plan: FirewallPlan, **values: object) -> FirewallPlan:
    login = next(flow for flow in plan.flows if flow.id == "maintain.firewall")
    other = login.model_copy(update=values)
    return plan.model_copy(update={"flows": tuple(other if flow is login else flow for flow in plan.flows)})


def _v6_peer(plan: FirewallPlan) -> FirewallPlan:
    assert plan.tunnel is not None
    remote = plan.tunnel.remote.model_copy(update={"underlay": IPv6Address("2001:db8:dc::10")})
    return with_tunnel(plan, remote=remote)


def _within_a_zone(plan: FirewallPlan) -> FirewallPlan:
    flow = next(flow for flow in plan.flows if flow.id == "link.emr")
    return plan.model_copy(update={"flows": (flow.model_copy(update={"destination": flow.source}),)})


WEAK = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha384", dh_group=14)
REFUSED = {
    "a host name too long": (lambda plan: plan.model_copy(update={"host_name": "f" * 36}), "firewall.host_name"),
    "a tunnel's name too long": (lambda plan: with_tunnel(plan, name="t" * 16), "firewall.tunnel.name"),
    "a port named as a zone": (lambda plan: _ports(plan, "DMZ"), "firewall.interfaces.untrust"),
    "a peer over IPv6": (_v6_peer, "firewall.tunnel.remote.underlay"),
    "an unknown suite": (lambda plan: with_tunnel(plan, suite=WEAK), "firewall.tunnel.suite"),
    "a lifetime too short": (lambda plan: with_tunnel(plan, child_rekey_s=60), "firewall.tunnel.child_rekey_s"),
    "too many trusted hosts": (_many_logins, "firewall.flows"),
    "an unknown listener": (lambda plan: _listening(plan, listener="snmpd"), "firewall.flows.maintain.firewall"),
    "no next hop": (
        lambda plan: plan.model_copy(update={"default_gateway": IPv4Address("203.0.113.1")}),
        "firewall.routes",
    ),
    "a flow within one zone": (_within_a_zone, "firewall.flows.link.emr"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_fortios_cannot_say_is_refused_with_its_place(name: str):
    change, path = REFUSED[name]
    with pytest.raises(RenderError) as refused:
        firewall_config(change(firewall()))
    assert refused.value.facts[:2] == ("GW302", path)
    assert refused.value.fix


def test_a_part_that_is_no_firewall_is_refused():
    for name, part in parts_of(vendor_plan("fortigate", "pattern1")).items():
        if name != "firewall":
            with pytest.raises(RenderError) as refused:
                PLATFORM.render(part)
            assert refused.value.code == "GW302"


def test_log_servers_of_another_protocol_and_port_are_said():
    plan = firewall()
    flow = next(flow for flow in plan.flows if flow.id == "syslog.firewall")
    udp = flow.model_copy(update={"protocol": "udp", "ports": (5514,)})
    other = plan.model_copy(update={"flows": tuple(udp if one is flow else one for one in plan.flows)})
    table = parse(firewall_config(other), "x")["log syslogd setting"].settings
    assert table["port"] == ("5514",)
    assert "mode" not in table  # UDP is the default


def test_every_zone_of_the_plan_has_a_port():
    assert {row.zone for row in firewall().interfaces} == {Zone.UNTRUST, Zone.DMZ, Zone.TRUST}
