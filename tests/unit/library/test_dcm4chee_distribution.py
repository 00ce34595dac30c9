"""The module whole: check mode predicts, the real run does the same, a third run does nothing."""

from __future__ import annotations

from pathlib import Path

from tests.contract.module_runs import run
from tests.fixtures.dcm4chee_distribution import build


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    archive = tmp_path / "arc.zip"
    arguments = {
        "archive": str(archive),
        "sha256": build(archive),
        "folder": str(tmp_path / "arc"),
        "modules": str(tmp_path / "modules"),
        "ae_title": "KITA_GW",
    }
    predicted = run("dcm4chee_distribution", arguments, check=True)
    assert not (tmp_path / "arc").exists()
    done = run("dcm4chee_distribution", arguments)
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    assert set(done["deployments"]) == {"dcm4chee-arc-ear-5.34.3-psql.ear", "dcm4chee-arc-ui2-5.34.3.war"}
    again = run("dcm4chee_distribution", arguments)
    assert (again["changed"], again["diff"], again["archive_wanted"]) == (False, {}, False)


def test_without_the_zip_nothing_is_done_but_to_ask_for_it(tmp_path: Path) -> None:
    arguments = {
        "archive": str(tmp_path / "arc.zip"),
        "sha256": "0" * 64,
        "folder": str(tmp_path / "arc"),
        "modules": str(tmp_path / "modules"),
        "ae_title": "KITA_GW",
    }
    found = run("dcm4chee_distribution", arguments)
    assert (found["changed"], found["archive_wanted"], found["deployments"]) == (False, True, {})
    assert list(tmp_path.iterdir()) == []
