"""The role against a real host: evidence from other hosts decides, what was confirmed comes back, drift is told.

One story in the order of its tests: each begins with the firewall as the one before left it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekit.plan.network_device import FirewallPlan
from tests.sites import ROOT
from tests.stories.firewall import site
from tests.stories.firewall.lab import Lab, prepare_for_ansible

pytestmark = pytest.mark.story

WAY = {
    "name": "packages.vm",
    "target": {"backend": "podman://labfw-vm", "zone": "dmz", "address": site.VM},
    "question": {"op": "tcp", "address": site.DATA_CENTRE, "port": 80, "timeout_s": 3},
    "if_it_worked": True,
}
NOBODY = {**WAY, "name": "never worked", "question": {**WAY["question"], "port": 81}}
HOST = {
    "firewall_untrust_interface": "eth0",
    "firewall_dmz_interface": "eth1",
    "firewall_trust_interface": "eth2",
    "firewall_tunnel_if_id": 0,
    "firewall_manage_addresses": False,
    "firewall_undo_after_s": 60,
}


class Firewall:
    """The lab's firewall, and the role that is run on it over SSH."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab, self.folder = lab, folder
        trust = f"-o UserKnownHostsFile={folder}/known_hosts -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes"
        facts = {
            "ansible_host": site.FIREWALL_DMZ,
            "ansible_user": "gwops",
            "ansible_ssh_private_key_file": str(folder / "operator"),
            "ansible_ssh_common_args": trust,
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        (folder / "hosts.yaml").write_text(json.dumps({"all": {"hosts": {"firewall": facts}}}))

    def role(self, plan: FirewallPlan, *, check: bool = False, **variables: Any) -> tuple[int, str]:
        """Return exit status and output of one run; ``check``: check mode is the play's, as in a drift report."""
        play = {"name": "Role", "hosts": "firewall", "gather_facts": False, "check_mode": check, "roles": ["firewall"]}
        (self.folder / "play.yml").write_text(json.dumps([play]))
        given = HOST | variables | {"firewall_plan": plan.model_dump(mode="json")}
        given |= {"firewall_secrets": {"vpn_psk": self.lab.psk}, "firewall_ways_through": [WAY, NOBODY]}
        (self.folder / "given.json").write_text(json.dumps(given))
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.folder / "hosts.yaml")]
        command += ["-e", f"@{self.folder / 'given.json'}", "--diff", "-v", str(self.folder / "play.yml")]
        ours = {"PYTHONPATH": str(ROOT), "ANSIBLE_ROLES_PATH": str(ROOT / "roles")}
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | ours, capture_output=True, text=True, check=False, timeout=240
        )
        assert self.lab.psk not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    def state(self) -> str:
        """Return rules, routes and the tunnel's file as they are now."""
        read = (
            "nft --stateless list table inet gatekit_fw; ip route show proto 97; cat /etc/swanctl/conf.d/dc-main.conf"
        )
        return self.lab.run("firewall", read)

    def waits_for_an_undo(self) -> bool:
        return bool(self.lab.run("firewall", "systemctl list-timers --all 'gatekit-*-undo.timer' --no-legend"))


@pytest.fixture(scope="module")
def firewall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firewall]:
    lab, folder = Lab(), tmp_path_factory.mktemp("firewall")
    try:
        lab.create()
        prepare_for_ansible(lab, folder)
        lab.raise_peer(site.HIGH)
        for port in (80, 8080):
            lab.listen("peer", port)
        it = Firewall(lab, folder)
        status, said = it.role(site.firewall())
        assert status == 0, said[-3000:]
        lab.wait_for_tunnel()
        yield it
    finally:
        lab.destroy()


def without(flow_id: str) -> FirewallPlan:
    plan = site.firewall()
    return plan.model_copy(update={"flows": tuple(flow for flow in plan.flows if flow.id != flow_id)})


def with_another_port() -> FirewallPlan:
    plan = site.firewall()
    flows = (flow.model_copy(update={"ports": (80, 8080)}) if flow.id == "packages.vm" else flow for flow in plan.flows)
    return plan.model_copy(update={"flows": tuple(flows)})


def test_a_change_that_keeps_us_and_cuts_a_flow_is_taken_back_with_the_reason(firewall: Firewall) -> None:
    before = firewall.state()
    status, said = firewall.role(without("packages.vm"))
    assert status == 2
    assert "firewall.probes" in said
    assert "packages.vm: no_answer" in said or "packages.vm: unreachable" in said
    assert "[GW429]" in said
    assert "never worked" not in said.split("Say why it was taken back")[1]
    assert firewall.state() == before
    assert not firewall.waits_for_an_undo()
    assert firewall.lab.reaches("vm", site.DATA_CENTRE, 80)


def test_what_was_confirmed_before_comes_back_and_the_newer_one_after_it(firewall: Firewall) -> None:
    before = firewall.state()
    status, said = firewall.role(with_another_port())
    assert status == 0, said[-3000:]
    assert firewall.lab.reaches("vm", site.DATA_CENTRE, 8080)
    newer = firewall.state()
    status, said = firewall.role(with_another_port(), firewall_state="earlier")
    assert status == 0, said[-3000:]
    assert firewall.state() == before
    assert not firewall.lab.reaches("vm", site.DATA_CENTRE, 8080)
    status, said = firewall.role(with_another_port(), firewall_state="earlier")
    assert status == 0, said[-3000:]
    assert firewall.state() == newer
    assert not firewall.waits_for_an_undo()


def test_what_somebody_changed_by_hand_is_told_and_nothing_is_changed_by_telling(firewall: Firewall) -> None:
    run = firewall.lab.run
    run("firewall", "nft insert rule inet gatekit_fw input tcp dport 9999 accept")
    run("firewall", "ip route del 10.97.30.0/24")
    run("firewall", "sed -i '$a # by hand' /etc/swanctl/conf.d/dc-main.conf")
    by_hand = firewall.state()
    status, said = firewall.role(with_another_port(), check=True)
    assert status == 0, said[-3000:]
    assert firewall.state() == by_hand
    assert not firewall.waits_for_an_undo()
    assert "tcp dport 9999 accept" in said
    assert f"10.97.30.0/24 via {site.SWITCH} proto 97" in said
    assert "+++ after: /etc/swanctl/conf.d/dc-main.conf" in said
    assert "changed=3 " in said, said[-500:]


def test_the_last_confirmed_state_comes_back_after_a_change_by_hand(firewall: Firewall) -> None:
    status, said = firewall.role(site.firewall(), firewall_state="confirmed", firewall_allow_interruption=True)
    assert status == 0, said[-3000:]
    state = firewall.state()
    assert "9999" not in state
    assert "# by hand" not in state
    assert "10.97.30.0/24" in state
    assert "8080" in state
    firewall.lab.wait_for_tunnel()
