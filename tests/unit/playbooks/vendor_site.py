"""A hospital whose firewall and L3 switch are simulated vendors' boxes; nobody else answers, as on the first day."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gatekit.comparison.document import read
from gatekit.comparison.model import Comparison
from gatekit.plan.make import plan_site
from gatekit.simulators import Clock, Simulator
from gatekit.simulators.junos import JunosDevice
from tests.refusals.case import example
from tests.sites import ROOT
from tests.unit.gatekit.controller.test_ssh_trust import private_key
from tests.unit.gatekit.simulators.aos_cx import switches as aos_cx
from tests.unit.gatekit.simulators.junos.boxes import CONTROLLER, SECRETS, STAGED

NETWORK = ("--tags", "plan,firewall,l3_switch")


@dataclass
class Site:
    """The site's folder, its two boxes, and how a playbook is run on it."""

    folder: Path
    firewall: Simulator
    l3_switch: Simulator
    vault: dict[str, str]
    facts: dict[str, dict[str, Any]]

    @property
    def build(self) -> Path:
        return self.folder.parents[1] / "build" / self.folder.name

    def run(self, playbook: str, *words: str, results: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a playbook as a person does; assert that no secret was printed or written.

        ``results``: folder for each host's last result, from Ansible's own callback ``tree``.
        """
        kept = {"ANSIBLE_CALLBACKS_ENABLED": "tree", "ANSIBLE_CALLBACK_TREE_DIR": str(results)} if results else {}
        sources = self.folder.parents[1] / "hosts.yaml"
        given = {"vault": self.vault, "operator_authorized_keys": []}
        sources.write_text(yaml.safe_dump({"all": {"hosts": self.facts, "vars": given}}))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.folder), "-i", str(sources)]
        done = subprocess.run(
            [*command, *words, f"playbooks/{playbook}.yml"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | kept,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        texts = [done.stdout, done.stderr, *(path.read_text() for path in self.build.glob("*.md"))]
        texts += [path.read_text() for path in self.build.glob("*.json")]
        assert not [name for name, value in self.vault.items() if any(value in text for text in texts)]
        return done

    def found(self, purpose: str) -> Comparison:
        return read(self.build, purpose)

    def running(self) -> dict[str, str]:
        """Return what both boxes run."""
        return {
            name: box.run(box.device.running_text)
            for name, box in {"firewall": self.firewall, "l3_switch": self.l3_switch}.items()
        }


@contextmanager
def vendor_site(root: Path) -> Iterator[Site]:
    """Give the site with an SRX as it comes from staging, and the hospital's AOS-CX."""
    (root / "inventories").mkdir()
    folder = example(4, root / "inventories")
    path = folder / "site.yml"
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    tree["firewall"]["product"], tree["l3_switch"]["product"] = "juniper_srx", "aos_cx"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    vault = {name: f"Value-Of-{name}-4711" for name in plan_site(folder).secrets} | SECRETS
    vault |= {"l3_switch_password": aos_cx.PASSWORD, **{f"ssh_host_key_{vm}": private_key() for vm in ("vm1", "vm2")}}
    users = {"gwops": vault["firewall_password"]}
    with ExitStack() as stack:
        device = JunosDevice(STAGED, clock=Clock(), users=users, client_address=CONTROLLER)
        firewall = stack.enter_context(Simulator(device))
        switch = stack.enter_context(Simulator(aos_cx.switch()))
        facts = {"firewall": _reached(firewall), "l3_switch": _reached(switch)}
        nobody = {"ansible_host": "127.0.0.1", "ansible_port": _closed_port()}
        facts |= {"vm1": nobody, "vm2": nobody, "esxi": nobody | {"esxi_host_port": nobody["ansible_port"]}}
        log = {"probe": "vm1", "files": ["/var/log/remote/*.log"]}
        facts["esxi"] |= {"esxi_ca_file": str(root / "ca.pem"), "verification": {"log": log}}
        yield Site(folder, firewall, switch, vault, facts)


def _reached(box: Simulator) -> dict[str, Any]:
    key = box.known_hosts.read_text().split(None, 1)[1].strip()
    return {"ansible_host": box.host, "ansible_port": box.port, "ssh_host_public_key": key}


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        return int(nobody.getsockname()[1])


def made(results: Path) -> dict[str, list[str]]:
    """Return the lines that each box was sent in a run whose last results were kept."""
    kept = {path.name: json.loads(path.read_text()) for path in results.iterdir()}
    return {name: result["lines"] for name, result in kept.items() if result.get("ending") == "confirmed"}
