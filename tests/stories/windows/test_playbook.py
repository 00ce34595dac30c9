"""playbooks/windows.yml against a simulated host without any Windows: it says what was not run, and leaks nothing."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekit.certificates.authority import new_authority
from gatekit.devices.esxi.install_media import is_there
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.verify.windows_records import windows_records
from tests.contract.module_runs import run
from tests.sites import ROOT, example_folder
from tests.stories.esxi import simulator, site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

SETUP, STAYS, OPERATOR = "one-time-A1b2C3d4E5", "stays-Z9y8X7w6V5", "operator-Q1w2E3r4T5"
PASSWORDS = {
    "windows_setup_password": SETUP,
    "windows_administrator_password": STAYS,
    "windows_operator_password": OPERATOR,
}


@pytest.fixture
def inventory(esxi: Simulator, tmp_path: Path) -> Path:
    """Return a site folder whose host is the simulator; build/kita stands beside."""
    folder = tmp_path / "inventories" / "kita"
    (folder / "group_vars" / "all").mkdir(parents=True)
    (tmp_path / "build" / "kita").mkdir(parents=True)
    shutil.copy2(example_folder("pattern4") / "site.yml", folder)
    shutil.copy2(ROOT / "inventories" / "data_centre.yml", folder.parent)
    reached = {"esxi_vm_port": esxi.port, "esxi_vm_user": simulator.USER, "esxi_ca_file": str(esxi.folder / "ca.pem")}
    (folder / "hosts.yaml").write_text(yaml.safe_dump({"all": {"hosts": {"esxi": reached}}}))
    plan = site.plan()
    vault = dict.fromkeys(plan.secrets, "x") | PASSWORDS | {plan.esxi.password: simulator.PASSWORD}
    vault[plan.windows.authority] = new_authority("kita").certificate
    (folder / "group_vars" / "all" / "vault.yml").write_text(yaml.safe_dump({"vault": vault}))
    return folder


def made(esxi: Simulator) -> dict[str, Any]:
    """Make VM3 with its answer ISO by the module itself and return what the module said."""
    with site.session(esxi) as session:
        site.build_host(session)
    esx = site.host_plan().model_dump(mode="json")
    esx["autostart"] = [row for row in esx["autostart"] if row["vm"] == "vm3"]
    return run("esxi_vm", {
        "host": simulator.ADDRESS, "port": esxi.port, "user": simulator.USER, "password": simulator.PASSWORD,
        "ca_pem": str(esxi.folder / "ca.pem"), "host_plan": esx, "vms": [site.plan().vm("vm3").model_dump(mode="json")],
        "windows": site.plan().windows.model_dump(mode="json"), "windows_setup_password": SETUP,
    })  # fmt: skip


def play(inventory: Path, *options: str, code: int = 0) -> str:
    """Return what the playbook said; it must have ended with this code."""
    address = ("-e", f"ansible_host={simulator.ADDRESS}")  # the site file's own would win over hosts.yaml's
    words = ["playbook", "-i", str(inventory), "playbooks/windows.yml", *address, *options]
    command = [sys.executable, "-m", "ansible", *words]
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCAL_TEMP": str(inventory.parent.parent / "local")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def forms(secret: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le"):
        raw = secret.encode(encoding)
        yield raw
        yield base64.b64encode(raw).rstrip(b"=")[:-2]


def test_ap_4_without_windows_the_job_says_what_was_not_run_and_leaks_nothing(esxi: Simulator, inventory: Path) -> None:
    said = json.dumps(made(esxi))
    build = inventory.parent.parent / "build" / "kita"
    said += play(inventory, "--check", "-v")
    assert list(build.iterdir()) == []
    said += play(inventory, "-vv")
    noted = (build / "windows.json").stat().st_mtime_ns
    records, not_run = windows_records(build, site.plan())
    again = play(inventory)
    assert (build / "windows.json").stat().st_mtime_ns == noted
    assert records == ()
    assert len(not_run) == 10
    assert {row.reason.en for row in not_run} == {"no Windows media is named (windows.installation_media)"}
    assert "windows_maintenance" not in again
    kept = [
        path.read_bytes() for path in inventory.parent.parent.rglob("*") if path.is_file() and path.name != "vault.yml"
    ]
    for secret in (*PASSWORDS.values(), simulator.PASSWORD):
        for form in forms(secret):
            assert form not in said.encode()
            assert not any(form in content for content in kept)


def test_a_windows_that_reported_and_then_does_not_answer_keeps_its_media(esxi: Simulator, inventory: Path) -> None:
    made(esxi)
    (inventory.parent.parent / "build" / "kita" / "vm3.pem").write_text(new_authority("kita").certificate)
    reported = json.dumps({"windows_guest": {"reachable": True, "first_contact": True}})
    said = play(inventory, "-e", reported, "-e", "operator_authorized_keys=[]", code=4)
    plan = site.plan().windows
    with site.session(esxi) as session:
        state = observe_site(session).vm("vm3")
        left = is_there(session, plan.answer_media.path)
    assert "unreachable=1" in said
    assert state is not None
    assert (state.cdroms, left) == ((plan.answer_media.path, plan.tools_media.path), True)
    assert not any(password in said for password in PASSWORDS.values())
