"""The main job with a wrong distribution beside the site file: every fault is told, and ssh was never started."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.dcm4chee_distribution import build
from tests.refusals.case import example
from tests.sites import ROOT

pytestmark = pytest.mark.peer


@pytest.fixture
def logins(tmp_path: Path) -> Path:
    """Return the file in which an ssh of ours writes down each login, which it refuses."""
    program = tmp_path / "ssh"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/logins\nexit 255\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return tmp_path / "logins"


def site(root: Path, flavour: str) -> Path:
    """Lay down the example hospital with a zip of this flavour, as far as an inventory needs it."""
    (root / "inventories").mkdir()
    folder = example(4, root / "inventories")
    path = folder / "site.yml"
    tree: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    given = {"path": "arc.zip", "sha256": build(folder / "arc.zip", flavour=flavour)}
    lost = {"path": "collector.war", "sha256": "0" * 64, "name": "collector", "context": "/collector"}
    tree["archive"] |= {"engine": "dcm4chee", "distribution": given}
    tree["application"] = {"deployments": [] if flavour == "psql" else [lost]}
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def job(program: str, folder: Path, logins: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name(program)), "-i", str(folder), *words]
    ours = {"ANSIBLE_SSH_EXECUTABLE": str(logins.with_name("ssh")), "PYTHONPATH": str(ROOT), "ANSIBLE_SSH_RETRIES": "0"}
    return subprocess.run(command, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False)


def test_ap_2_a_wrong_distribution_ends_the_job_before_any_login(tmp_path: Path, logins: Path) -> None:
    done = job("ansible-playbook", site(tmp_path, "psql-secure"), logins, "playbooks/site.yml")
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    zip_fix = "Bring the one for PostgreSQL without Keycloak: dcm4chee-arc-5.34.3-psql.zip."
    war_fix = "Put the file itself, not a link, into pattern4/."
    for words in (
        "is refused; nothing was logged into.",
        f"archive.distribution.path: 'dcm4chee-arc-5.34.3-psql-secure' is not usable. {zip_fix} [GW145]",
        f"application.deployments[0].path: 'collector.war' is not usable. {war_fix} [GW142]",
    ):
        assert words in said
    assert not logins.exists()


def test_with_the_right_distribution_the_same_inventory_is_logged_into(tmp_path: Path, logins: Path) -> None:
    """So that the test above can fail."""
    done = job("ansible", site(tmp_path, "psql"), logins, "vm1", "--module-name=ansible.builtin.ping")
    assert done.returncode != 0
    assert "gwops" in logins.read_text()
