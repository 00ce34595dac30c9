"""The module whole: asks for the archive, predicts, installs, does nothing more; refuses with facts."""

from __future__ import annotations

import getpass
import hashlib
import zipfile
from pathlib import Path
from typing import Any

from tests.contract.module_runs import run

CONFIGURATION = ("application-roles", "application-users", "mgmt-groups", "logging")


def arguments(folder: Path, sha256: str) -> dict[str, Any]:
    given = {"version": "39.0.1.Final", "sha256": sha256, "archive": str(folder / "w.zip")}
    given |= {"link": str(folder / "wildfly"), "base_folder": str(folder / "state/server")}
    return given | {"configuration": "gatekit.xml", "account": getpass.getuser()}


def archive(folder: Path) -> str:
    inner = "wildfly-39.0.1.Final"
    with zipfile.ZipFile(folder / "w.zip", "w") as file:
        file.writestr(f"{inner}/jboss-modules.jar", "jar")
        for name in (*(f"{name}.properties" for name in CONFIGURATION), "standalone.xml"):
            file.writestr(f"{inner}/standalone/configuration/{name}", name)
    return hashlib.sha256((folder / "w.zip").read_bytes()).hexdigest()


def test_archive_is_asked_for_and_nothing_is_done_without_it(tmp_path: Path) -> None:
    asked = run("wildfly_installation", arguments(tmp_path, "0" * 64))
    assert (asked["changed"], asked["archive_wanted"]) == (False, True)
    assert list(tmp_path.iterdir()) == []


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(tmp_path: Path) -> None:
    given = arguments(tmp_path, archive(tmp_path))
    predicted = run("wildfly_installation", given, check=True)
    assert not (tmp_path / "wildfly").exists()
    done = run("wildfly_installation", given)
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    again = run("wildfly_installation", given)
    assert (again["changed"], again["archive_wanted"]) == (False, False)


def test_failure_gives_facts(tmp_path: Path) -> None:
    archive(tmp_path)
    failed = run("wildfly_installation", arguments(tmp_path, "0" * 64))
    assert (failed["failed"], failed["code"]) == (True, "GW142")
