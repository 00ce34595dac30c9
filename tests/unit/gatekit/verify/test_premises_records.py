"""What the evidence says about the place and about who maintains what."""

from __future__ import annotations

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.premises_records import premises_records
from tests.sites import PATTERNS, example_plan


def with_rack(**seen: object) -> Plan:
    plan = example_plan("pattern4")
    rack = plan.premises.rack.model_copy(update=seen)
    return plan.model_copy(update={"premises": plan.premises.model_copy(update={"rack": rack})})


@pytest.mark.parametrize("name", PATTERNS)
def test_ap_7_ap_8_a_fit_place_and_the_border_of_support_are_in_the_evidence(name: str) -> None:
    records = premises_records(example_plan(name))
    assert [(row.id, row.requirement, row.ok) for row in records] == [
        ("premises.rack", "AP-7", True),
        ("premises.support", "AP-8", True),
    ]


def test_ap_7_what_was_seen_is_printed_beside_what_is_needed() -> None:
    record = premises_records(example_plan("pattern4"))[0]
    assert record.observed.en == "4 free units, 20 A (circuit of its own: yes), earthed: yes, KVM: usb"
    assert record.expected.en == "3 free units, a circuit of 20 A, earthed outlets, USB KVM"


@pytest.mark.parametrize(
    "seen", [{"free_units": 2}, {"circuit_amperes": 15}, {"earthed_outlets": False}, {"kvm_cable": "ps2"}]
)
def test_ap_7_a_place_that_is_not_fit_is_red(seen: dict[str, object]) -> None:
    assert [row.ok for row in premises_records(with_rack(**seen))] == [False, True]


def test_ap_8_a_part_with_two_maintainers_is_red() -> None:
    plan = example_plan("pattern4")
    twice = (*plan.premises.support, plan.premises.support[0].model_copy(update={"by": "us"}))
    doubled = plan.model_copy(update={"premises": plan.premises.model_copy(update={"support": twice})})
    assert [row.ok for row in premises_records(doubled)] == [True, False]


def test_ap_8_a_cpe_is_a_part_only_where_the_pattern_has_one() -> None:
    parts = {name: {row.name for row in example_plan(name).premises.support} for name in PATTERNS}
    assert parts["pattern1"] - parts["pattern4"] == {"cpe"}
