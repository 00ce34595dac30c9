"""Both ESXi roles as the job runs them, from the start of ansible-playbook to its end, against the simulator.

For the story and for ``tools/bench esxi``. No guest runs behind the machines, so none is waited for.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.contract.module_runs import ROOT
from tests.sites import example_plan
from tests.stories.esxi import simulator
from tests.stories.esxi.loopback import PASSWORDS, loopback_plan, secrets
from tests.stories.esxi.simulator import Simulator

PLAY = """\
- hosts: esxi
  gather_facts: false
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  roles: [esxi_host, esxi_vm]
"""


@dataclass(frozen=True, slots=True)
class Job:
    """One run: seconds by the clock, seconds of processor time of all its processes, and the tasks that changed."""

    clock_s: float
    processor_s: float
    changed: int


def run_job(esxi: Simulator, folder: Path) -> Job:
    """Run host and machines with ansible-playbook; its files and variables are left in ``folder``."""
    (folder / "play.yml").write_text(PLAY)
    (folder / "hosts.yaml").write_text("all: {hosts: {esxi: {}}}\n")
    (folder / "variables.json").write_text(json.dumps(_variables(esxi)))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    environment |= {"ANSIBLE_ROLES_PATH": str(ROOT / "roles"), "ANSIBLE_LIBRARY": str(ROOT / "library")}
    command = [sys.executable, "-m", "ansible", "playbook", "-i", str(folder / "hosts.yaml")]
    command += ["-e", f"@{folder / 'variables.json'}", str(folder / "play.yml")]
    start, used_s = time.monotonic(), _processor_s()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    clock_s, used_s = time.monotonic() - start, _processor_s() - used_s
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    (changed,) = re.findall(r"changed=(\d+) ", done.stdout)
    return Job(clock_s, used_s, int(changed))


def _variables(esxi: Simulator) -> dict[str, object]:
    host = loopback_plan()
    unattended = {"ssh_host_key": None, "image": None}
    machines = [vm.model_copy(update=unattended).model_dump(mode="json") for vm in example_plan("pattern4").vms]
    ca = str(esxi.folder / "ca.pem")
    return {
        "esxi_host_plan": host.model_dump(mode="json"),
        "esxi_host_port": esxi.port,
        "esxi_host_secrets": secrets(simulator.PASSWORD),
        "esxi_host_ca_pem": ca,
        "esxi_host_site_ca_key": (esxi.folder / "ca_key.pem").read_text(),
        "esxi_vm_host_plan": host.model_dump(mode="json"),
        "esxi_vm_port": esxi.port,
        "esxi_vm_password": PASSWORDS[host.user],
        "esxi_vm_ca_pem": ca,
        "esxi_vm_plans": machines,
        "esxi_vm_authorized_keys": [],
        "esxi_vm_host_keys": {},
    }


def _processor_s() -> float:
    """Return the processor time of every child that has ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
