"""The hardening baseline: every item is kept by a host as planned, and seen when it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gatekit.catalogue.hardening_baseline import HandCheck, OptionCheck, ServiceCheck, StateCheck, esxi_baseline
from gatekit.devices.esxi.hardening import STATES, Finding, Standing, hardening_findings
from gatekit.devices.esxi.host_state import (
    DefaultPolicy,
    HostState,
    Ntp,
    Options,
    OptionValue,
    PortGroupSetting,
    Security,
    ServerCertificate,
    Service,
)
from gatekit.plan.appliance import DeviationPlan, EsxiHostPlan
from tests.unit.gatekit.devices.esxi.planned_host import NONE, as_planned, plan

TODAY = date(2027, 1, 15)
BY_ID = {item.id: item for item in esxi_baseline()}


def findings(state: HostState, planned: EsxiHostPlan | None = None) -> dict[str, Finding]:
    return {found.item.id: found for found in hardening_findings(state, planned or plan(), TODAY)}


def wrong(state: HostState) -> dict[str, str]:
    """Return what was found at every item that is not kept, those for a person's hand left out."""
    return {name: row.found for name, row in findings(state).items() if row.standing is Standing.DIFFERS}


def test_ap_1_a_host_as_planned_keeps_every_item_the_api_can_tell() -> None:
    standing = {name: row.standing for name, row in findings(as_planned()).items()}
    by_hand = {item.id for item in esxi_baseline() if isinstance(item.check, HandCheck)}
    assert standing == {name: Standing.BY_HAND if name in by_hand else Standing.KEPT for name in BY_ID}


def test_the_baseline_has_its_items_once_each_with_a_reason() -> None:
    items = esxi_baseline()
    assert len(items) >= 40
    assert len(BY_ID) == len(items)
    assert all(item.reason and item.title.ja and item.title.en for item in items)
    assert {item.check.name for item in items if isinstance(item.check, StateCheck)} == set(STATES)


def other(value: OptionValue) -> OptionValue:
    """Return a value that keeps no bound: 0 is "never" for an upper one and too little for a lower one."""
    if isinstance(value, bool):
        return not value
    return "something else" if isinstance(value, str) else (0 if value else 1)


@pytest.mark.parametrize("item", [name for name, item in BY_ID.items() if isinstance(item.check, OptionCheck)])
def test_every_option_that_differs_is_seen_and_no_other_item_with_it(item: str) -> None:
    state, check = as_planned(), BY_ID[item].check
    assert isinstance(check, OptionCheck)
    value = other(state.options.values[check.key])
    changed = replace(state, options=Options({**state.options.values, check.key: value}))
    assert wrong(changed) == {item: repr(value)}


@pytest.mark.parametrize("item", [name for name, item in BY_ID.items() if isinstance(item.check, ServiceCheck)])
def test_every_service_that_differs_is_seen(item: str) -> None:
    state, check = as_planned(), BY_ID[item].check
    assert isinstance(check, ServiceCheck)
    services = tuple(replace(row, running=not row.running) if row.key == check.key else row for row in state.services)
    assert set(wrong(replace(state, services=services))) == {item}
    absent = tuple(row for row in state.services if row.key != check.key)
    assert set(wrong(replace(state, services=absent))) == (set() if check.may_be_absent else {item})


LOOSE = Security(promiscuous=None, mac_changes=True, forged_transmits=None)


@pytest.mark.parametrize(
    ("item", "changes", "found"),
    [
        ("time-servers", {"ntp": Ntp(enabled=True, servers=("192.0.2.1",))}, "192.0.2.1"),
        ("firewall-closed", {"default_policy": DefaultPolicy(False, True)}, "blocked: outgoing"),
        ("switch-security", {"port_groups": (PortGroupSetting("X", "vSwitch0", 0, LOOSE),)}, "allowing: X"),
        ("no-guest-trunk", {"port_groups": (PortGroupSetting("X", "vSwitch0", 4095, NONE),)}, "trunks: X"),
        ("acceptance-level", {"acceptance_level": "community"}, "community"),
        ("certificate", {"certificate": None}, "not read"),
        ("certificate", {"certificate": ServerCertificate(False, (), 800)}, "of another CA, 800 days left"),
        ("certificate", {"certificate": ServerCertificate(True, (), 29)}, "of the site's CA, 29 days left"),
        ("lockdown", {"lockdown": "lockdownNormal"}, "lockdownNormal"),
        ("lockdown", {"lockdown": "lockdownStrict"}, "lockdownStrict"),
    ],
)
def test_every_reading_that_differs_is_seen(item: str, changes: dict[str, object], found: str) -> None:
    state = replace(as_planned(), **changes)  # type: ignore[arg-type]  # the table names real fields
    assert wrong(state) == {item: found}


def test_a_rule_open_to_all_and_a_second_traffic_are_seen() -> None:
    state = as_planned()
    rules = tuple(replace(rule, every_address=True) if rule.key == "vMotion" else rule for rule in state.rulesets)
    vmk0 = replace(state.vmkernel[0], carries=("management", "vmotion"))
    assert wrong(replace(state, rulesets=rules, vmkernel=(vmk0,))) == {
        "firewall-sources": "other addresses: vMotion",
        "management-only": "vmk0: management+vmotion",
    }


@pytest.mark.parametrize(
    ("until", "standing"), [(TODAY, Standing.DEVIATES), (date(2027, 1, 14), Standing.OVER)], ids=["last-day", "over"]
)
def test_a_deviation_holds_to_its_last_day(until: date, standing: Standing) -> None:
    deviation = DeviationPlan(item="cim-off", reason="The maker's monitor", until=until)
    running = tuple(
        Service(row.key, running=True, policy="on") if row.key == "sfcbd-watchdog" else row
        for row in as_planned().services
    )
    found = findings(replace(as_planned(), services=running), plan(deviations=(deviation,)))["cim-off"]
    assert (found.standing, found.ok, found.reason) == (
        standing,
        standing is Standing.DEVIATES,
        f"The maker's monitor ({until})",
    )


def test_a_deviation_nobody_needs_any_more_is_simply_kept() -> None:
    deviation = DeviationPlan(item="cim-off", reason="The maker's monitor", until=date(2026, 1, 1))
    assert findings(as_planned(), plan(deviations=(deviation,)))["cim-off"].standing is Standing.KEPT
