"""The roles change a vendor's device: ansible-playbook against a simulated box behind a real SSH port."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Part
from gatekit.devices.junos import PLATFORM as JUNOS
from gatekit.simulators import Clock, Simulator
from gatekit.simulators.junos import JunosDevice
from tests.sites import ROOT, vendor_plan
from tests.unit.gatekit.devices.switch_lab import KINDS
from tests.unit.gatekit.simulators.junos.boxes import CONTROLLER, SECRETS, STAGED

pytestmark = pytest.mark.peer

VAULT = {**SECRETS, "fingerprint_key": "Key-Of-The-Record-4711"}


def play(role: str, variables: dict[str, Any], box: Simulator, folder: Path, *words: str) -> str:
    """Run one role against a box; return what was printed, after asserting that it ended well."""
    user, password = next(iter(box.device.users.items()))
    facts = {"ansible_host": box.host, "ansible_port": box.port, "ansible_user": user, "ansible_connection": "ssh"}
    secrets = VAULT | ({f"{role}_password": password})
    given = {
        f"{role}_secrets": secrets,
        f"{role}_build": str(folder),
        f"{role}_plan_sha256": "0" * 64,
        **variables,
    }
    (folder / "known_hosts").write_text(box.known_hosts.read_text())
    (folder / "hosts.yaml").write_text(yaml.safe_dump({"all": {"hosts": {role: facts}}}))
    (folder / "given.json").write_text(json.dumps(given))
    plays = [{"name": "Role", "hosts": "all", "gather_facts": False, "roles": [{"role": role}]}]
    (folder / "play.yml").write_text(yaml.safe_dump(plays))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(folder / "hosts.yaml")]
    command += ["-e", f"@{folder / 'given.json'}", *words, str(folder / "play.yml")]
    ours = {"PYTHONPATH": str(ROOT), "ANSIBLE_ROLES_PATH": str(ROOT / "roles"), "ANSIBLE_STDOUT_CALLBACK": "default"}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    assert not [name for name, value in secrets.items() if len(value) > 4 and value in said]
    return said


def ours_stands(box: Simulator, kind: Any) -> bool:
    """Return whether our line stands on the switch, and not only in another table's line."""
    return kind.ours in [line.strip() for line in box.run(box.device.running_text).splitlines()]


def changed(said: str) -> int:
    found = re.search(r"changed=(\d+)", said)
    assert found is not None, said
    return int(found.group(1))


def test_ap_6_the_role_makes_a_staged_srx_the_sites_firewall_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    part: Part = vendor_plan("juniper_srx").firewall
    users = {"gwops": SECRETS["firewall_password"]}
    device = JunosDevice(STAGED, clock=Clock(), users=users, client_address=CONTROLLER)
    given = {"firewall_plan": vendor_plan("juniper_srx").firewall.model_dump(mode="json")}
    with Simulator(device) as box:
        assert changed(play("firewall", given, box, tmp_path, "--check", "-e", "firewall_allow_interruption=true")) == 1
        assert "vpn_psk" not in box.run(device.running_text)
        assert changed(play("firewall", given, box, tmp_path, "-e", "firewall_allow_interruption=true")) == 1
        assert JUNOS.meaning(box.run(device.running_text), part) == meaning_of(part)
        assert changed(play("firewall", given, box, tmp_path)) == 0


@pytest.mark.parametrize("name", sorted(KINDS))
def test_nw_4_the_role_adds_our_one_route_and_takes_it_away_again(name: str, tmp_path: Path) -> None:
    kind = KINDS[name]
    switch = kind.switch()
    given = {"l3_switch_plan": kind.plan.model_dump(mode="json")}
    with Simulator(switch) as box:
        before = box.run(switch.running_text)
        assert changed(play("l3_switch", given, box, tmp_path)) == 1
        assert ours_stands(box, kind)
        assert changed(play("l3_switch", given, box, tmp_path)) == 0
        assert (
            changed(
                play(
                    "l3_switch",
                    given | {"l3_switch_state": "absent", "l3_switch_allow_interruption": True},
                    box,
                    tmp_path,
                )
            )
            == 1
        )
        assert box.run(switch.running_text) == before


def rolled_back(box: Simulator, kind: Any, folder: Path, *words: str) -> str:
    """Run playbooks/rollback.yml against a switch of the plan; return what was printed."""
    user, password = next(iter(box.device.users.items()))
    vault = VAULT | {"l3_switch_password": password}
    facts = {
        "ansible_host": box.host,
        "ansible_port": box.port,
        "ansible_user": user,
        "l3_switch_plan": kind.plan.model_dump(mode="json"),
        "gatekit_build": str(folder),
        "gatekit_plan_sha256": "0" * 64,
        "network_secret_names": list(vault),
        "vault": vault,
    }
    groups = {"children": {"l3_switches": {"hosts": {"l3_switch": facts}}}}
    (folder / "hosts.yaml").write_text(yaml.safe_dump({"all": groups}))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(folder / "hosts.yaml"), *words]
    ours = {"PYTHONPATH": str(ROOT), "ANSIBLE_STDOUT_CALLBACK": "default"}
    done = subprocess.run(
        [*command, "playbooks/rollback.yml"],
        cwd=ROOT,
        env=os.environ | ours,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_a_rollback_brings_the_state_before_the_last_confirmed_one_back(tmp_path: Path) -> None:
    kind = KINDS["aos_cx"]
    switch = kind.switch()
    given = {"l3_switch_plan": kind.plan.model_dump(mode="json"), "l3_switch_allow_interruption": True}
    with Simulator(switch) as box:
        play("l3_switch", given, box, tmp_path)
        play("l3_switch", given | {"l3_switch_state": "absent"}, box, tmp_path)
        assert not ours_stands(box, kind)
        assert changed(rolled_back(box, kind, tmp_path)) == 1
        assert ours_stands(box, kind)
