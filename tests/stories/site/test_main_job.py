"""The main job on the twin: killed at any moment it converges, a second run changes nothing, all is proved."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from tests.stories.site.job import Job, Run

pytestmark = pytest.mark.story

SHOWN = (
    "AP-1",
    "AP-3",
    "AP-4",
    "AP-5",
    "AP-6",
    "AP-7",
    "AP-8",
    "NW-1",
    "NW-2",
    "NW-3",
    "NW-4",
    "NW-6",
    "VPN-4",
    "HC-1",
    "HC-2",
    "OP-9",
)


def test_a_run_that_was_killed_five_times_converges_when_run_again(killed: Job, first_run: Run) -> None:
    assert killed.killed_after_s, "no run was killed: the moments are too late"
    assert first_run.status == 0, f"after kills at {killed.killed_after_s}:\n{first_run.output[-4000:]}"


def test_a_second_run_changes_nothing_on_any_host(second_run: Run) -> None:
    assert second_run.status == 0, second_run.output[-4000:]
    assert second_run.changed
    assert not any(second_run.changed.values()), second_run.output


def test_check_mode_predicts_no_change_and_makes_none_so_no_drift_is_told(built: Job) -> None:
    run = built.run(playbook="playbooks/drift.yml")
    assert run.status == 0, run.output[-4000:]
    assert not any(run.changed.values()), run.output


def test_every_check_of_the_evidence_holds_and_names_its_tier(built: Job) -> None:
    evidence = json.loads((built.folder / "evidence.json").read_text(encoding="utf-8"))
    assert evidence["complete"]
    assert [record["id"] for record in evidence["records"] if not record["ok"]] == []
    assert {record["requirement"] for record in evidence["records"]} >= set(SHOWN)
    assert all(record["tier"] in (1, 2) for record in evidence["records"])
    assert evidence["plan_sha256"] == hashlib.sha256((built.folder / "plan.json").read_bytes()).hexdigest()


def test_the_report_stands_beside_the_evidence(built: Job) -> None:
    report = (built.folder / "report.html").read_text(encoding="utf-8")
    assert "北総合病院" in report
    assert "Kita General Hospital" in report


def test_no_secret_of_the_vault_stands_in_the_build_folder_or_in_what_was_printed(built: Job, second_run: Run) -> None:
    vault_file = next((built.folder.parent / "twin" / built.site / "group_vars").rglob("vault*"))
    secrets = [str(value) for value in yaml.safe_load(vault_file.read_text())["vault"].values()]
    texts = {"output": second_run.output} | {
        path.name: path.read_text(errors="replace") for path in _files(built.folder)
    }
    for secret in secrets:
        for line in (line for line in secret.splitlines() if len(line) > 12 and "OPENSSH PRIVATE KEY" not in line):
            assert not [name for name, text in texts.items() if line in text]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
