"""Licence and hardening baseline as evidence: a record an item, red for what differs, a reason for what is not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from gatekit.catalogue.hardening_baseline import HandCheck, esxi_baseline
from gatekit.devices.esxi.host_state import HostState, Licence, Service
from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.judges import JUDGES
from gatekit.verify.judges.hardening import HOST_STATE
from gatekit.verify.model import Check, CheckList, NotRun, Reading, Verdict
from gatekit.verify.targets import Targets
from tests.unit.gatekit.devices.esxi.planned_host import as_planned


@pytest.fixture(scope="module")
def listing(plan: Plan, targets: Targets) -> CheckList:
    return plan_checks(plan, targets)


def reading(state: HostState) -> str:
    return json.dumps({"host": HOST_STATE.dump_python(state, mode="json"), "read_on": "2027-01-15"})


def verdicts(plan: Plan, listing: CheckList, state: HostState) -> Mapping[str, Verdict]:
    text = reading(state)
    return {
        check.id: JUDGES[check.asks.judge](plan, check, (text,))
        for check in listing.checks
        if check.id.startswith(("esxi.hardening.", "esxi.licence")) and isinstance(check.asks, Reading)
    }


def test_ap_1_every_item_has_a_record_or_a_reason(listing: CheckList) -> None:
    items = {f"esxi.hardening.{item.id}": item for item in esxi_baseline()}
    run = {row.id for row in listing.checks if isinstance(row, Check)} & set(items)
    not_run = {row.id for row in listing.not_run if isinstance(row, NotRun)} & set(items)
    assert not_run == {name for name, item in items.items() if isinstance(item.check, HandCheck)}
    assert run == set(items) - not_run


def test_ap_1_a_host_as_planned_is_green_in_every_record(plan: Plan, listing: CheckList) -> None:
    assert {name for name, verdict in verdicts(plan, listing, as_planned()).items() if not verdict.ok} == set()


def test_a_service_left_on_is_red_with_what_was_found_and_wanted_in_both_languages(
    plan: Plan, listing: CheckList
) -> None:
    running = tuple(
        Service(row.key, running=True, policy="on") if row.key == "TSM-SSH" else row for row in as_planned().services
    )
    found = verdicts(plan, listing, replace(as_planned(), services=running))
    assert {name for name, verdict in found.items() if not verdict.ok} == {"esxi.hardening.ssh-off"}
    observed = found["esxi.hardening.ssh-off"].observed
    assert (observed.ja, observed.en) == (
        "基準と異なる: runs, on / stopped, off",
        "differs: runs, on / stopped, off",
    )


@pytest.mark.parametrize(
    ("licence", "ok", "seen"),
    [
        (Licence("esxBasic", "VMware vSphere 8 Hypervisor"), False, "VMware vSphere 8 Hypervisor"),
        (Licence("eval", "Evaluation Mode", 0), False, "Evaluation Mode: 0 d"),
        (Licence("", "none"), False, "none"),
        (Licence("eval", "Evaluation Mode", 25), True, "Evaluation Mode: 1 d"),
        (Licence("esx.standard", "vSphere 8 Standard"), True, "vSphere 8 Standard"),
    ],
)
def test_the_licence_is_a_record(plan: Plan, listing: CheckList, licence: Licence, ok: bool, seen: str) -> None:
    verdict = verdicts(plan, listing, replace(as_planned(), licence=licence))["esxi.licence"]
    assert (verdict.ok, verdict.observed.en) == (ok, seen)
