"""Advanced options against the baseline's bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gatekit.devices.esxi.host_state import HostState, Options, OptionValue
from gatekit.devices.esxi.options import holds, option_notes, plan_options
from gatekit.plan.appliance import DeviationPlan, EsxiOptionPlan
from tests.unit.gatekit.devices.esxi.planned_host import SCRATCH, as_planned, plan

TIMEOUT = "Config.HostAgent.vmacore.soap.sessionTimeout"


def with_options(**values: OptionValue) -> HostState:
    state = as_planned()
    return replace(state, options=Options({**state.options.values, **values}))


@pytest.mark.parametrize(
    ("bound", "wanted", "value", "kept"),
    [
        ("at_most", 5, 5, True), ("at_most", 5, 1, True), ("at_most", 5, 6, False), ("at_most", 5, 0, False),
        ("at_least", 900, 900, True), ("at_least", 900, 86400, True), ("at_least", 900, 899, False),
        ("equal", "info", "info", True), ("equal", "info", "verbose", False), ("equal", False, True, False),
        ("matches", "/vmfs/volumes/.+", "/vmfs/volumes/x", True), ("matches", "/vmfs/volumes/.+", "/scratch", False),
    ],
)  # fmt: skip
def test_bounds(bound: str, wanted: OptionValue, value: OptionValue, kept: bool) -> None:
    row = EsxiOptionPlan.model_validate({"item": "x", "key": "X", "bound": bound, "value": wanted, "written": True})
    assert holds(row, value) is kept


def test_only_what_differs_is_written_and_in_one_change() -> None:
    state = with_options(**{TIMEOUT: 30, "Net.BMCNetworkEnable": 1})
    assert [change.line() for change in plan_options(state, plan())] == [
        f"options: {TIMEOUT} 30 -> 10, Net.BMCNetworkEnable 1 -> 0"
    ]


def test_a_value_stricter_than_the_bound_stays() -> None:
    assert list(plan_options(with_options(**{TIMEOUT: 5}), plan())) == []


def test_what_is_only_judged_is_never_written() -> None:
    assert list(plan_options(with_options(**{SCRATCH: "/run/scratch"}), plan())) == []


def test_a_deviation_leaves_the_option_as_it_is() -> None:
    deviation = DeviationPlan(item="bmc-network", reason="The maker's agent", until=date(2027, 3, 31))
    assert list(plan_options(with_options(**{"Net.BMCNetworkEnable": 1}), plan(deviations=(deviation,)))) == []


def test_an_option_this_build_does_not_have_is_told_and_not_written() -> None:
    state = as_planned()
    without = {key: value for key, value in state.options.values.items() if key != "Mem.MemEagerZero"}
    state = replace(state, options=Options(without))
    assert list(plan_options(state, plan())) == []
    assert list(option_notes(state, plan())) == [
        "gw-kita-esx: option Mem.MemEagerZero is not in this version of ESXi; item memory-wiped is left open"
    ]
