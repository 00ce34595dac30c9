"""What a module imports is paid at every call, so modules about the host load nothing they do not use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.contract.module_runs import ROOT

LOADED = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='imported'); print(*sys.modules)"


def loaded_by(module: str) -> set[str]:
    """Return the modules in memory after a module of ours was imported, not run."""
    command = [sys.executable, "-c", LOADED, str(ROOT / "library" / f"{module}.py")]
    said = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    return set(said.stdout.split())


@pytest.mark.parametrize("module", ["esxi_host", "esxi_vm", "esxi_health", "windows_guest"])
def test_a_module_that_is_given_its_part_of_the_plan_reads_no_site_file(module: str) -> None:
    assert not [name for name in loaded_by(module) if name.startswith("gatekit.intent")]


@pytest.mark.parametrize("module", ["esxi_host", "esxi_health"])
def test_the_host_waits_for_nothing_that_only_machines_need(module: str) -> None:
    only_machines = {"jinja2", "pycdlib", "gatekit.devices.esxi.vm_build"}
    assert loaded_by(module) & only_machines == set()
