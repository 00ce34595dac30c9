"""The module whole: predict, do, nothing more; no key in any of it."""

from __future__ import annotations

import getpass
from pathlib import Path

from tests.contract.module_runs import run
from tests.unit.gatekit.portable.wildfly.test_keystore import pair


def test_prediction_and_deed_are_equal_and_a_third_run_changes_nothing(tmp_path: Path) -> None:
    certificate, key = pair(tmp_path, "one")
    given = {"path": str(tmp_path / "https.p12"), "account": getpass.getuser(), "certificate": certificate}
    given |= {"secret_key": key, "password": "right-password"}
    predicted = run("wildfly_keystore", given, check=True)
    assert not (tmp_path / "https.p12").exists()
    done = run("wildfly_keystore", given)
    assert (predicted["changed"], predicted["diff"]) == (True, done["diff"])
    assert done["changed_paths"] == [str(tmp_path / "https.p12")]
    again = run("wildfly_keystore", given)
    assert (again["changed"], again["changed_paths"]) == (False, [])
    assert not any(secret in repr((predicted, done, again)) for secret in (key.splitlines()[1], "right-password"))


def test_failure_gives_facts(tmp_path: Path) -> None:
    given = {"path": str(tmp_path / "x"), "account": getpass.getuser(), "certificate": "no", "secret_key": "no-key"}
    failed = run("wildfly_keystore", {**given, "password": "right-password"})
    assert (failed["code"], failed["path"]) == ("GW104", "keystore.certificate")
