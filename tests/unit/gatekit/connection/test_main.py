"""Every sheet is written, whatever failed; the exit status says whether one did."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from gatekit.connection.__main__ import main
from gatekit.connection.model import Results
from gatekit.plan.document import plan_bytes, plan_sha256
from tests.unit.gatekit.connection.conftest import step


@pytest.fixture
def build(plan, tmp_path: Path) -> Path:
    (tmp_path / "plan.json").write_bytes(plan_bytes(plan))
    return tmp_path


@pytest.fixture
def run(build, monkeypatch):
    def judge(answers) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(answers)))
        return main([str(build)])

    return judge


def test_op_7_every_system_gets_its_sheets_and_the_evidence_its_records(plan, build, answers, run, capsys) -> None:
    assert run(answers) == 0
    wanted = {f"{key}.{kind}" for key in answers for kind in ("html", "csv")} | {"results.json"}
    assert {path.name for path in (build / "connection").iterdir()} == wanted
    results = Results.model_validate_json((build / "connection/results.json").read_bytes())
    assert results.plan_sha256 == plan_sha256(plan)
    assert "pacs.main: passed" in capsys.readouterr().out.splitlines()


def test_op_7_a_failed_system_makes_it_red_after_all_sheets_are_written(build, answers, run, capsys) -> None:
    answers["smb"] = [step("tcp", "no_answer", {})]
    assert run(answers) == 1
    assert len(list((build / "connection").glob("*.html"))) == len(answers)
    assert "smb: failed - no answer in time [GW402]" in capsys.readouterr().out.splitlines()


def test_sheets_of_a_system_that_is_gone_are_removed(build, answers, run) -> None:
    (build / "connection").mkdir()
    (build / "connection/old.html").write_text("x")
    (build / "connection/note.txt").write_text("kept")
    run(answers)
    assert not (build / "connection/old.html").exists()
    assert (build / "connection/note.txt").exists()


@pytest.mark.parametrize("broken", ["{}", "not json"])
def test_answers_that_cannot_be_judged_write_nothing(build, monkeypatch, capsys, broken) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(broken))
    assert main([str(build)]) == 2
    assert "[GW601]" in capsys.readouterr().err
    assert not (build / "connection").exists()
