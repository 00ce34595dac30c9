"""The host's firewall: which rules are narrowed, and that we never shut ourselves out."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekit.devices.esxi.firewall import SESSION_RULES, plan_firewall
from gatekit.devices.esxi.host_state import DefaultPolicy, HostState, Ruleset
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.esxi.planned_host import MANAGEMENT, SERVICES, as_planned, plan


def open_rules(*keys: str) -> HostState:
    state = as_planned()
    rules = tuple(
        replace(rule, every_address=True, networks=()) if rule.key in keys else rule for rule in state.rulesets
    )
    return replace(state, rulesets=rules)


def test_every_open_rule_gets_its_addresses_and_those_of_our_session_come_last() -> None:
    changes = list(plan_firewall(open_rules("vSphereClient", "vMotion", "ntpClient", "webAccess"), plan()))
    steps = [change.step for change in changes]
    assert [(step.key, step.networks) for step in steps if isinstance(step, Ruleset)] == [
        ("ntpClient", SERVICES),
        ("vMotion", MANAGEMENT),
        ("vSphereClient", MANAGEMENT),
        ("webAccess", MANAGEMENT),
    ]


def test_a_planned_rule_that_is_closed_is_opened_with_its_addresses() -> None:
    state = as_planned()
    rules = tuple(
        replace(rule, enabled=False, every_address=True, networks=()) if rule.key == "syslog" else rule
        for rule in state.rulesets
    )
    assert [change.line() for change in plan_firewall(replace(state, rulesets=rules), plan())] == [
        'firewall syslog: enabled false -> true, every_address true -> false, networks [] -> ["10.200.9.10/32"]'
    ]


def test_a_rule_that_admits_one_network_too_many_is_narrowed() -> None:
    state = as_planned()
    rules = tuple(
        replace(rule, networks=(*rule.networks, "172.20.0.0/16")) if rule.key == "vMotion" else rule
        for rule in state.rulesets
    )
    assert [change.subject for change in plan_firewall(replace(state, rulesets=rules), plan())] == ["firewall vMotion"]


def test_closed_rules_and_those_the_host_keeps_itself_are_left_alone() -> None:
    assert list(plan_firewall(as_planned(), plan())) == []


def test_an_open_default_is_closed() -> None:
    loose = replace(as_planned(), default_policy=DefaultPolicy(incoming_blocked=False, outgoing_blocked=True))
    assert [change.line() for change in plan_firewall(loose, plan())] == [
        "firewall default: incoming_blocked false -> true"
    ]


@pytest.mark.parametrize(("ours", "said"), [("172.20.0.7", "172.20.0.7"), ("", "unknown"), ("fe80::1", "fe80::1")])
@pytest.mark.parametrize("rule", ["vSphereClient", "webAccess"])
def test_a_list_without_our_own_address_is_refused_before_anything_is_written(rule: str, ours: str, said: str) -> None:
    with pytest.raises(DeviceError) as caught:
        list(plan_firewall(replace(open_rules(rule), our_address=ours), plan()))
    assert caught.value.facts == (
        "GW432", "gw-kita-esx.firewall", said,
        f"Run the job from an address the flow matrix lets in: {', '.join(MANAGEMENT)}.",
    )  # fmt: skip


def test_from_elsewhere_other_rules_can_be_narrowed() -> None:
    state = replace(open_rules("vMotion"), our_address="172.20.0.7")
    assert [change.subject for change in plan_firewall(state, plan())] == ["firewall vMotion"]


def test_a_planned_rule_the_host_does_not_have_is_named() -> None:
    state = as_planned()
    rules = tuple(rule for rule in state.rulesets if rule.key != "syslog")
    with pytest.raises(DeviceError) as caught:
        list(plan_firewall(replace(state, rulesets=rules), plan()))
    assert caught.value.facts[:3] == ("GW407", "gw-kita-esx.firewall", "syslog")


def test_a_planned_rule_whose_addresses_the_host_keeps_itself_is_only_opened() -> None:
    state = as_planned()
    rules = tuple(
        Ruleset("dns", enabled=False, every_address=True, networks=(), configurable=False)
        if rule.key == "dns"
        else rule
        for rule in state.rulesets
    )
    assert [change.line() for change in plan_firewall(replace(state, rulesets=rules), plan())] == [
        "firewall dns: enabled false -> true"
    ]


@given(
    ours=st.ip_addresses(v=4),
    admitted=st.lists(st.ip_addresses(v=4).map(IPv4Network), max_size=3),
    ours_admitted=st.booleans(),
    opened=st.sets(st.sampled_from(["vSphereClient", "webAccess", "vMotion", "dns"])),
)
def test_no_plan_ever_writes_a_list_that_shuts_our_own_session_out(
    ours: IPv4Address, admitted: list[IPv4Network], ours_admitted: bool, opened: set[str]
) -> None:
    state = replace(open_rules(*opened), our_address=str(ours))
    around_us = (IPv4Network(f"{ours}/20", strict=False),) if ours_admitted else ()
    wanted = plan(management=(*admitted, *around_us))
    if not any(ours in network for network in wanted.management):
        with pytest.raises(DeviceError, match="GW432"):
            list(plan_firewall(state, wanted))
        return
    for change in plan_firewall(state, wanted):
        if isinstance(change.step, Ruleset) and change.step.key in SESSION_RULES:
            assert any(ours in IPv4Network(network) for network in change.step.networks)
