"""A firewall and a switch of every product side by side: what five runs of ansible-playbook did to them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from gatekit.simulators import Clock, Simulator
from gatekit.simulators.junos import JunosDevice
from tests.sites import ROOT, vendor_plan
from tests.unit.gatekit.devices.switch_lab import KINDS
from tests.unit.gatekit.simulators.junos.boxes import CONTROLLER, SECRETS, STAGED

ROLLED_BACK = "aos_cx"
VAULT = {**SECRETS, "fingerprint_key": "Key-Of-The-Record-4711"}
PLAYS = [
    {"name": "Firewall", "hosts": "firewalls", "gather_facts": False, "roles": [{"role": "firewall"}]},
    {"name": "L3 switch", "hosts": "l3_switches", "gather_facts": False, "roles": [{"role": "l3_switch"}]},
]


@dataclass(frozen=True)
class Run:
    """One run of ansible-playbook over the boxes: what it printed, and what each box ran after it."""

    said: str
    running: Mapping[str, str]

    def changes(self, box: str) -> int:
        """Return how much was changed on a box, after asserting that nothing failed there."""
        found = re.search(rf"^{box} .*changed=(\d+) +unreachable=(\d+) +failed=(\d+)", self.said, re.MULTILINE)
        assert found is not None, self.said[-3000:]
        assert found.group(2, 3) == ("0", "0"), self.said[-6000:]
        return int(found.group(1))

    def stands(self, box: str) -> bool:
        """Return whether our route's line stands on a switch, and not only in another table's line."""
        return KINDS[box].ours in [line.strip() for line in self.running[box].splitlines()]


@dataclass
class Boxes:
    """The boxes behind their SSH ports, and the two ways in which playbooks come to them."""

    folder: Path
    boxes: dict[str, Simulator] = field(default_factory=dict)

    def plug_in(self, stack: ExitStack) -> None:
        """Open the port of the firewall as it comes from staging, and of each product's switch."""
        users = {"gwops": SECRETS["firewall_password"]}
        firewall = JunosDevice(STAGED, clock=Clock(), users=users, client_address=CONTROLLER)
        for name, device in {"firewall": firewall, **{name: kind.switch() for name, kind in KINDS.items()}}.items():
            self.boxes[name] = stack.enter_context(Simulator(device))
            (self.folder / name).mkdir()
            (self.folder / name / "known_hosts").write_text(self.boxes[name].known_hosts.read_text())

    @property
    def running(self) -> dict[str, str]:
        return {name: box.run(box.device.running_text) for name, box in self.boxes.items()}

    def roles(self, *words: str) -> Run:
        """Run the roles by themselves, each with its own variables."""
        (self.folder / "play.yml").write_text(yaml.safe_dump(PLAYS))
        given = {name: self._role_variables(name) for name in self.boxes}
        return self._play(str(self.folder / "play.yml"), given, *words)

    def playbook(self, name: str, box: str) -> Run:
        """Run one of our playbooks for one switch, with what the site's inventory gives it."""
        return self._play(f"playbooks/{name}.yml", {box: self._site_variables(box)})

    @cached_property
    def _plans(self) -> dict[str, dict[str, Any]]:
        switches = {name: kind.plan.model_dump(mode="json") for name, kind in KINDS.items()}
        return {"firewall": vendor_plan("juniper_srx").firewall.model_dump(mode="json"), **switches}

    def _vault(self, name: str) -> dict[str, str]:
        role = "firewall" if name == "firewall" else "l3_switch"
        return VAULT | {f"{role}_password": self.boxes[name].device.users[self._user(name)]}

    def _user(self, name: str) -> str:
        return next(iter(self.boxes[name].device.users))

    def _role_variables(self, name: str) -> dict[str, Any]:
        role = "firewall" if name == "firewall" else "l3_switch"
        return {
            f"{role}_plan": self._plans[name],
            f"{role}_secrets": self._vault(name),
            f"{role}_build": str(self.folder / name),
            f"{role}_plan_sha256": "0" * 64,
        }

    def _site_variables(self, name: str) -> dict[str, Any]:
        return {
            "l3_switch_plan": self._plans[name],
            "gatekit_build": str(self.folder / name),
            "gatekit_plan_sha256": "0" * 64,
            "network_secret_names": list(self._vault(name)),
            "vault": self._vault(name),
        }

    def _inventory(self, variables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        hosts = {}
        for name, given in variables.items():
            box = self.boxes[name]
            reached = {"ansible_host": box.host, "ansible_port": box.port, "ansible_user": self._user(name)}
            hosts[name] = {**reached, "ansible_connection": "ssh", **given}
        groups = {
            "firewalls": {"hosts": {name: one for name, one in hosts.items() if name not in KINDS}},
            "l3_switches": {"hosts": {name: one for name, one in hosts.items() if name in KINDS}},
        }
        return {"all": {"children": groups}}

    def _play(self, path: str, variables: Mapping[str, Mapping[str, Any]], *words: str) -> Run:
        (self.folder / "hosts.yaml").write_text(yaml.safe_dump(self._inventory(variables)))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.folder / "hosts.yaml")]
        ours = {"PYTHONPATH": str(ROOT), "ANSIBLE_ROLES_PATH": str(ROOT / "roles")}
        ours |= {"ANSIBLE_STDOUT_CALLBACK": "default"}  # its recap is read here
        done = subprocess.run(
            [*command, *words, path], cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False
        )
        return Run(done.stdout + done.stderr, self.running)


@dataclass(frozen=True)
class History:
    """What was done to the boxes, in this order."""

    before: Mapping[str, str]
    preview: Run
    change: Run
    again: Run
    removal: Run
    rollback: Run
    secrets: frozenset[str]

    @property
    def runs(self) -> tuple[Run, ...]:
        return self.preview, self.change, self.again, self.removal, self.rollback


def history_of(folder: Path) -> History:
    """Preview the firewall's change, make all, ask again, take the switches' route away, and bring one's back."""
    boxes = Boxes(folder)
    with ExitStack() as stack:
        boxes.plug_in(stack)
        consent = ("-e", "firewall_allow_interruption=true")
        removal = {"l3_switch_state": "absent", "l3_switch_allow_interruption": True}
        return History(
            before=boxes.running,
            preview=boxes.roles("--check", "--diff", "--limit", "firewalls", *consent),
            change=boxes.roles(*consent),
            again=boxes.roles(),
            removal=boxes.roles("--limit", "l3_switches", "-e", json.dumps(removal)),
            rollback=boxes.playbook("rollback", ROLLED_BACK),
            secrets=frozenset(word for name in boxes.boxes for word in boxes._vault(name).values() if len(word) > 4),
        )
