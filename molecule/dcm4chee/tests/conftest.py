"""What every test of the scenario is given: the guest, the plan it was built from, and which archive answers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://vm1"]
FOLDER = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])


def laid_down(name: str) -> Any:
    """Return what files/hospital.py and files/studies.py wrote for this run."""
    return json.loads((FOLDER / name).read_text())


def pytest_report_header() -> str:
    if laid_down("scenario.json")["real_archive"]:
        return "archive: the distribution of DCM4CHEE_DIST"
    return "archive: stand-in applications, Orthanc for DICOM; DCM4CHEE_DIST names no distribution"


@pytest.fixture(scope="session")
def scenario() -> dict[str, bool]:
    """``real_archive``: not the stand-in; ``dcm4chees_data``: LDIF and SQL of 5.34.3, not the project's few lines."""
    found: dict[str, bool] = laid_down("scenario.json")
    return found


@pytest.fixture(scope="session")
def plan() -> dict[str, Any]:
    """VM1's part of the plan, as the roles were given it but for the scenario's addresses."""
    found: dict[str, Any] = laid_down("plan.json")["vm1"]
    return found


@pytest.fixture(scope="session")
def studies() -> dict[str, dict[str, bool]]:
    """Study -> SOP instance -> whether its pixels are compressed, of what is sent."""
    found: dict[str, dict[str, bool]] = laid_down("studies.json")
    return found


@pytest.fixture(scope="module")
def vm1(host: Host) -> Iterator[Host]:
    with host.sudo():
        yield host


@pytest.fixture(scope="module")
def said(vm1: Host) -> Callable[[str], str]:
    """Return a function: what a command says; it must succeed."""

    def output(command: str) -> str:
        found = vm1.run(command)
        assert found.rc == 0, found.stdout + found.stderr
        return str(found.stdout)

    return output
