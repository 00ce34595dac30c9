"""The module's edge: what it predicts and what it refuses; the change itself is judged in portable/wildfly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatekit.portable.wildfly.installation import MARKER
from tests.contract.module_runs import run


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    for version in ("38.0.1.Final", "39.0.1.Final"):
        (tmp_path / f"wildfly-{version}").mkdir()
        (tmp_path / f"wildfly-{version}" / MARKER).write_text("sum")
    (tmp_path / "wildfly").symlink_to("wildfly-38.0.1.Final")
    paths = {"link": str(tmp_path / "wildfly"), "base_folder": str(tmp_path / "state/server")}
    paths |= {"configuration": "gatekit.xml", "account": "nobody"}
    return paths | {"port": 1, "user": "gatekit", "password": "right-password", "http_port": 1}


def test_change_of_version_is_predicted(given: dict[str, Any]) -> None:
    predicted = run("wildfly_version", {**given, "version": "39.0.1.Final"}, check=True)
    assert (predicted["changed"], predicted["versions"]) == (True, ["38.0.1.Final", "39.0.1.Final"])
    assert Path(given["link"]).readlink() == Path("wildfly-38.0.1.Final")


def test_version_in_use_is_no_change(given: dict[str, Any]) -> None:
    found = run("wildfly_version", {**given, "version": "38.0.1.Final"})
    assert (found["changed"], found["outage"]) == (False, {"requests": 0, "failed": 0, "seconds": 0.0})


def test_failure_gives_facts(given: dict[str, Any]) -> None:
    failed = run("wildfly_version", {**given, "back": True})
    assert (failed["failed"], failed["code"]) == (True, "GW407")
    assert "right-password" not in repr(failed)
