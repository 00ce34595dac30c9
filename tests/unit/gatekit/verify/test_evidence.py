from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.errors import VerifyError
from gatekit.plan.document import plan_bytes, plan_sha256
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence, evidence_bytes, read_evidence, read_site
from gatekit.verify.targets import Targets


def evidence(plan_hash: str, *, complete: bool = True) -> Evidence:
    return Evidence(
        schema_version=1,
        site="kita",
        plan_sha256=plan_hash,
        twin=True,
        complete=complete,
        started_at="2026-11-22T00:00:00Z",
        duration_s=1.0,
        versions={},
        tiers={},
        packets_sent=0,
        records=(),
        not_run=(),
    )


def test_evidence_about_another_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(evidence_bytes(evidence("a" * 64)))
    with pytest.raises(VerifyError) as caught:
        read_evidence(path, "b" * 64)
    assert caught.value.facts[:3] == ("GW602", str(path), "a" * 64)


def test_evidence_of_a_selection_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(evidence_bytes(evidence("a" * 64, complete=False)))
    with pytest.raises(VerifyError) as caught:
        read_evidence(path, "a" * 64)
    assert caught.value.facts[:3] == ("GW601", str(path), "partial")


def test_evidence_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path, wanted = tmp_path / "evidence.json", evidence("a" * 64)
    path.write_bytes(evidence_bytes(wanted))
    assert read_evidence(path, "a" * 64) == wanted


def test_targets_of_another_plan_are_refused(tmp_path: Path, plan: Plan, targets: Targets) -> None:
    (tmp_path / "plan.json").write_bytes(plan_bytes(plan))
    (tmp_path / "targets.json").write_text(targets.model_copy(update={"plan_sha256": "0"}).model_dump_json())
    with pytest.raises(VerifyError) as caught:
        read_site(tmp_path)
    assert caught.value.facts[:3] == ("GW602", str(tmp_path / "targets.json"), "0")


def test_the_plan_file_has_the_hash_its_plan_has(tmp_path: Path, plan: Plan, targets: Targets) -> None:
    (tmp_path / "plan.json").write_bytes(plan_bytes(plan))
    (tmp_path / "targets.json").write_text(targets.model_dump_json())
    assert read_site(tmp_path) == (plan, plan_sha256(plan), targets)


def test_a_site_that_was_never_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VerifyError) as caught:
        read_site(tmp_path)
    assert caught.value.code == "GW601"
