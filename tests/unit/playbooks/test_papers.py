"""papers.yml: what others have to do in time is written from the site file alone, long before anything is reachable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.refusals.case import example
from tests.sites import ROOT

pytestmark = pytest.mark.peer


def play(folder: Path, build: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", str(folder), "-e", f"gatekit_build={build}", "playbooks/papers.yml"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_nw_4_nw_5_the_requests_are_written_without_vault_or_host_key_and_not_again(tmp_path: Path) -> None:
    (tmp_path / "inventories").mkdir()
    folder, build = example(3, tmp_path / "inventories"), tmp_path / "build"
    first, second = play(folder, build), play(folder, build)
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr
    assert [("changed=1" in run.stdout) for run in (first, second)] == [True, False]
    written = {str(path.relative_to(build)) for path in build.rglob("*.*")}
    assert written == {
        "l3_switch_request.html",
        "boundary_request.html",
        "cpe_swap.html",
        "data_centre/peer_sheet.html",
        "data_centre/dc-main.conf",
    }
    assert not (build / "report.html").exists()
