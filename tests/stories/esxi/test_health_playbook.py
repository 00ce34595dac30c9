"""playbooks/health.yml as it is run, against the simulator: green, red, and what is left in the build folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gatekit.certificates.authority import new_authority
from tests.contract.module_runs import run
from tests.sites import ROOT, example_folder
from tests.stories.esxi import simulator, site
from tests.stories.esxi.loopback import PASSWORDS
from tests.stories.esxi.simulator import Simulator
from tests.stories.esxi.test_modules import host_arguments

pytestmark = pytest.mark.story


@pytest.fixture
def inventory(esxi: Simulator, tmp_path: Path) -> Path:
    """Return a site folder whose host is the simulator, as planned and with its machines on."""
    esxi.control("licence", {"Edition": "esx.standard.cpuPackageCoreLimited"})
    run("esxi_host", host_arguments(esxi))
    with site.session(esxi) as session:
        site.build_vms(session, site.windows_wishes())
    folder = tmp_path / "inventories" / "kita"
    (folder / "group_vars" / "all").mkdir(parents=True)
    shutil.copy2(example_folder("pattern4") / "site.yml", folder)
    shutil.copy2(ROOT / "inventories" / "data_centre.yml", folder.parent)
    reached = {"esxi_host_port": esxi.port, "esxi_ca_file": str(esxi.folder / "ca.pem")}
    (folder / "hosts.yaml").write_text(yaml.safe_dump({"all": {"hosts": {"esxi": reached}}}))
    plan = site.plan()
    build = tmp_path / "build" / "kita"
    build.mkdir(parents=True)
    (build / "plan.json").write_text(plan.model_dump_json())
    vault = dict.fromkeys(plan.secrets, "x") | {plan.esxi.password: PASSWORDS[plan.esxi.user]}
    vault[plan.windows.authority] = new_authority("kita").certificate
    (folder / "group_vars" / "all" / "vault.yml").write_text(yaml.safe_dump({"vault": vault}))
    return folder


def play(inventory: Path) -> subprocess.CompletedProcess[str]:
    """Return what the playbook said, asked under the plan that is there."""
    address = ("-e", f"ansible_host={simulator.ADDRESS}")  # the site file's own would win over hosts.yaml's
    words = ["playbook", "-i", str(inventory), "playbooks/health.yml", "--tags", "health", *address]
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(inventory.parent.parent / "local")}
    command = [sys.executable, "-m", "ansible", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_ap_1_the_play_is_green_then_red_and_keeps_the_record(esxi: Simulator, inventory: Path) -> None:
    well = play(inventory)
    esxi.control("sensor", {"Name": "CPU 1 Temp", "State": "red", "Reading": 95, "Unit": "Degrees C"})
    hot = play(inventory)
    record = json.loads((inventory.parent.parent / "build" / "kita" / "health.json").read_text())
    assert well.returncode == 0, well.stdout + well.stderr
    assert hot.returncode == 2
    assert "[異常/BAD] ハードウェアのセンサー / Hardware sensors: CPU 1 Temp red (95 Degrees C)" in hot.stdout
    assert "[正常/OK] ESXiのライセンス / ESXi's licence" in hot.stdout
    assert [finding["id"] for finding in record["findings"] if finding["verdict"] == "bad"] == ["health.hardware"]
    assert PASSWORDS[site.host_plan().user] not in well.stdout + hot.stdout
