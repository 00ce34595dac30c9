"""AP-5 as evidence: the UPS is watched, VM1 hears of it, the batteries outlast the shutdown."""

from __future__ import annotations

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.judges import JUDGES
from gatekit.verify.model import Check, Reading
from gatekit.verify.targets import Targets
from gatekit.verify.ups_checks import ups_checks

TOLD = "127.0.0.1\n10.161.4.10\n"


def the_check(plan: Plan, targets: Targets) -> Check:
    (found,) = (row for row in plan_checks(plan, targets).checks if row.id == "ups.watched")
    return found


def ok(plan: Plan, targets: Targets, status: str, told: str) -> bool:
    check = the_check(plan, targets)
    assert isinstance(check.asks, Reading)
    return JUDGES[check.asks.judge](plan, check, (status, told)).ok


def test_ap_5_on_mains_with_both_machines_told_is_green(plan: Plan, targets: Targets) -> None:
    assert ok(plan, targets, "OL CHRG\n", TOLD)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("OB DISCHRG\n", TOLD),
        ("OL LB\n", TOLD),
        ("", TOLD),
        ("OL\n", "127.0.0.1\n"),
        ("OL\n", "10.161.4.10\n"),
        ("OL\n", ""),
    ],
)
def test_ap_5_anything_else_is_red(plan: Plan, targets: Targets, status: str, told: str) -> None:
    assert not ok(plan, targets, status, told)


def test_ap_5_the_record_says_the_times(plan: Plan, targets: Targets) -> None:
    check = the_check(plan, targets)
    assert check.expected.en == "on mains; stopping takes up to 555 s, the reserve is 600 s"
    assert (check.source, check.requirement) == ("vm2", "AP-5")


def test_a_ups_that_is_played_is_no_real_one(plan: Plan, targets: Targets) -> None:
    absent = targets.model_copy(
        update={"absent": {key: value for key, value in targets.absent.items() if key != "ups"}}
    )
    played = targets.model_copy(update={"absent": {**absent.absent, "ups": plan.hospital}})
    assert (the_check(plan, absent).tier, the_check(plan, played).tier) == (1, 2)


def test_a_site_without_a_ups_has_no_record_of_it(plan: Plan, targets: Targets) -> None:
    assert list(ups_checks(plan.model_copy(update={"ups": None}), targets)) == []
