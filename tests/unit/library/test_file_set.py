"""The module whole: check mode predicts, the real run does the same, a third run does nothing."""

from __future__ import annotations

import getpass
from pathlib import Path

from tests.contract.module_runs import run

ME = {"owner": getpass.getuser(), "group": getpass.getuser()}


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x")
    arguments = {
        "files": [
            {"path": f"{tmp_path}/new", "content": "key <secret psk>\n", "mode": "0600", **ME},
            {"path": f"{tmp_path}/old", "state": "absent"},
            {"path": f"{tmp_path}/folder", "state": "directory", "mode": "0750", **ME},
        ],
        "secrets": {"psk": "s3cr3t-value"},
    }
    predicted = run("file_set", arguments, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]
    done = run("file_set", arguments)
    assert predicted["diff"] == done["diff"]
    assert predicted["changed_paths"] == done["changed_paths"] == [f"{tmp_path}/{n}" for n in ("new", "old", "folder")]
    assert (tmp_path / "new").read_text() == "key s3cr3t-value\n"
    again = run("file_set", arguments)
    assert (again["changed"], again["diff"], again["changed_paths"]) == (False, [], [])
    assert "s3cr3t-value" not in repr((predicted, done, again))


def test_failure_gives_facts_and_no_secret(tmp_path: Path) -> None:
    entry = {"path": f"{tmp_path}/x", "content": "<secret psk>", "checker": "cat %s /nowhere", **ME}
    failed = run("file_set", {"files": [entry], "secrets": {"psk": "s3cr3t-value"}})
    assert failed["failed"] is True
    assert (failed["code"], failed["path"]) == ("GW419", f"{tmp_path}/x")
    assert "s3cr3t-value" not in repr(failed)


def test_fresh_host_without_the_checker_is_predicted(tmp_path: Path) -> None:
    entry = {"path": f"{tmp_path}/x", "content": "x", "checker": "daemon-that-comes-later -t %s", **ME}
    predicted = run("file_set", {"files": [entry]}, check=True)
    assert (predicted["changed"], predicted["unchecked_paths"]) == (True, [f"{tmp_path}/x"])
    assert run("file_set", {"files": [entry]})["code"] == "GW407"
