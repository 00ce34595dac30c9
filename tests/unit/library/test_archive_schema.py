"""The module whole: check mode predicts, the real run does the same, a third run does nothing."""

from __future__ import annotations

from pathlib import Path

from tests.contract.module_runs import run


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    made = tmp_path / "made"
    program = folder / "runuser"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *" -1 "*) cat > {made};; *) [ -e {made} ] && echo "1|1" || echo "0|0";; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    (tmp_path / "a.sql").write_text("CREATE TABLE study (pk bigint);\n")
    files = [str(tmp_path / "a.sql")]
    arguments = {"database": "archive", "owner": "archive", "files": files, "marker": "study"}
    predicted = run("archive_schema", arguments, check=True)
    assert not made.exists()
    done = run("archive_schema", arguments)
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    assert "CREATE TABLE study" in made.read_text()
    assert run("archive_schema", arguments)["changed"] is False
