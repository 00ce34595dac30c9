"""Judged answers: one state a system, records for the evidence, nothing about systems nobody asked."""

from __future__ import annotations

import pytest

from gatekit.connection.model import State
from gatekit.connection.results import RESULTS_FILE, recorded, results_of
from gatekit.errors import VerifyError
from tests.unit.gatekit.connection.conftest import step


def test_op_7_every_system_that_passed_is_a_record_and_the_rest_says_why_not(plan, answers) -> None:
    results = results_of(plan, "f" * 64, answers)
    assert {row.id: (row.requirement, row.ok) for row in results.records} == {
        f"connection.{key}": ("OP-7", True) for key in answers if key != "orders"
    }
    (gap,) = results.not_run
    assert gap.id == "connection.orders"
    assert "the system dials" in gap.reason.en


def test_op_7_one_failed_step_fails_the_system_whatever_else_is_open(plan, answers) -> None:
    answers["sftp"][-2:] = [step("ssh_host_key", "other_host_key", {"ssh-ed25519": "SHA256:x"})]
    answers["hl7_mllp"] = [step("tcp", "refused", {})]
    states = {row.system.key: row.state for row in results_of(plan, "f" * 64, answers).systems}
    assert {key for key, state in states.items() if state is State.FAILED} == {"sftp", "hl7_mllp"}
    failed = [row for row in results_of(plan, "f" * 64, answers).records if not row.ok]
    assert [row.observed.en for row in failed if row.destination == "hl7_mllp"] == [
        "TCP connection: the connection was refused"
    ]


def test_answers_about_other_systems_are_refused(plan, answers) -> None:
    del answers["smb"]
    with pytest.raises(VerifyError) as caught:
        results_of(plan, "f" * 64, answers)
    fix = "Run playbooks/connection_test.yml for a site with linked systems or a PACS."
    assert caught.value.facts == ("GW601", "answers", sorted(answers), fix)


def test_op_7_results_of_this_plan_are_evidence(plan, answers, tmp_path) -> None:
    results = results_of(plan, "this", answers)
    path = tmp_path / RESULTS_FILE
    path.parent.mkdir()
    path.write_text(results.model_dump_json())
    assert recorded(tmp_path, "this") == (results.records, results.not_run)


def test_op_7_without_results_of_this_plan_the_evidence_says_so(plan, answers, tmp_path) -> None:
    assert recorded(tmp_path, "this")[0] == ()
    path = tmp_path / RESULTS_FILE
    path.parent.mkdir()
    path.write_text(results_of(plan, "another", answers).model_dump_json())
    records, not_run = recorded(tmp_path, "this")
    assert (records, [row.reason.en for row in not_run]) == ((), ["not yet run for this plan"])
