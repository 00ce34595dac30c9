"""What is said about a CPE's units in the evidence: staged, stale, drilled, wiped, or not yet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.cpe_records import cpe_records, cpe_sha256, drill_json, spare_json, wiped_json
from tests.sites import example_plan

WIPED = {
    "serial": "CPE-0077",
    "model": "IX2106",
    "by": "yamada",
    "at": "2026-11-23T09:00:00Z",
    "shown": "NEC Portable Internetwork Core Operating System Software\nRouter# ",
    "changed": True,
}
OUTAGE = {"last_answer_at": 1.0, "first_answer_at": 6.0, "outage_s": 5.0, "asked": 60, "answered": 10}


def document(plan: Plan) -> dict[str, Any]:
    assert plan.cpe is not None
    found: dict[str, Any] = plan.cpe.model_dump(mode="json")
    return found


def later(plan: Plan) -> Plan:
    """The same site after a change that the CPE feels."""
    assert plan.cpe is not None
    tunnel = plan.cpe.tunnel.model_copy(update={"dpd_delay_s": plan.cpe.tunnel.dpd_delay_s + 1})
    return plan.model_copy(update={"cpe": plan.cpe.model_copy(update={"tunnel": tunnel})})


def said(folder: Path, plan: Plan) -> dict[str, bool | None]:
    """Return id -> verdict, None for what is not run."""
    records, not_run = cpe_records(folder, plan)
    return {row.id: row.ok for row in records} | {row.id: None for row in not_run}


def unit(folder: Path, serial: str, wiped: dict[str, Any] | None = None) -> None:
    (folder / "units" / serial).mkdir(parents=True)
    if wiped is not None:
        (folder / "units" / serial / "wiped.json").write_text(wiped_json(wiped))


def test_vpn_1_a_staged_spare_is_fresh_until_the_plan_changes(tmp_path):
    plan = example_plan("pattern1")
    assert said(tmp_path, plan) == {"cpe.spare": None, "cpe.drill": None}
    (tmp_path / "cpe_spare.json").write_text(spare_json(document(plan)))
    (tmp_path / "drill.json").write_text(drill_json(document(plan), OUTAGE))
    assert said(tmp_path, plan) == {"cpe.spare": True, "cpe.drill": True}
    assert said(tmp_path, later(plan)) == {"cpe.spare": False, "cpe.drill": None}


def test_the_digest_is_of_the_plan_and_not_of_the_labels():
    plan = example_plan("pattern1").cpe
    assert plan is not None
    assert cpe_sha256(plan.model_copy(update={"units": plan.units[:1]})) == cpe_sha256(plan)


def test_vpn_3_a_unit_that_the_site_names_no_more_has_to_be_wiped(tmp_path):
    plan = example_plan("pattern3")
    assert plan.cpe is not None
    unit(tmp_path, plan.cpe.units[0].serial)  # in use
    assert said(tmp_path, plan) == {}
    unit(tmp_path, "CPE-0077")
    assert said(tmp_path, plan) == {"cpe.wiped.CPE-0077": None}


def test_vpn_3_the_record_of_a_wipe_says_who_when_and_what_was_seen(tmp_path):
    unit(tmp_path, "CPE-0077", WIPED)
    (row,) = cpe_records(tmp_path, example_plan("pattern3"))[0]
    assert (row.id, row.ok, row.requirement) == ("cpe.wiped.CPE-0077", True, "VPN-3")
    assert row.observed.en == "CPE-0077 · 2026-11-23 09:00 UTC · yamada · Router#"


def test_a_unit_in_the_post_is_no_unit_that_came_back(tmp_path):
    unit(tmp_path, "CPE-0399")
    (tmp_path / "cpe_pack_CPE-0399").mkdir()
    assert said(tmp_path, example_plan("pattern3")) == {}
    (tmp_path / "units" / "CPE-0399" / "wiped.json").write_text(wiped_json(WIPED | {"serial": "CPE-0399"}))
    assert said(tmp_path, example_plan("pattern3")) == {"cpe.wiped.CPE-0399": True}


@pytest.mark.parametrize("name", ["pattern2", "pattern3", "pattern4"])
def test_only_pattern_1_has_a_spare_and_a_drill(name, tmp_path):
    assert said(tmp_path, example_plan(name)) == {}


def test_the_note_of_a_wipe_has_nothing_that_is_not_said_of_it():
    assert set(json.loads(wiped_json(WIPED))) == {"serial", "model", "by", "at", "shown"}
