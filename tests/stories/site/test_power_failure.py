"""AP-5 on the built site: the mains fail, everything stops in order and cleanly, and comes back green by itself.

The UPS is played by NUT's dummy-ups on VM2; everything else is what a hospital gets. The controller only looks.
"""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekit.plan.model import Plan
from gatekit.verify.evidence import read_site
from tests.sites import ROOT
from tests.stories.site.breaking import SITE, Host
from tests.stories.site.job import Job
from twin import podman
from twin.commands import environment

pytestmark = pytest.mark.story

STATES, JOURNAL = "/etc/nut/rehearsal.dev", "/var/lib/gatekit-ups/journal.jsonl"
ON_MAINS, ON_BATTERY, LOW_BATTERY = "ups.status: OL", "ups.status: OB DISCHRG", "ups.status: OB DISCHRG LB"


@dataclass(frozen=True)
class PowerButton:
    """The simulated host's button and what it knows of the power, past its API."""

    address: str
    user: str
    password: str
    ca_file: str

    def press(self, path: str, method: str) -> Any:
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(
            f"https://{self.address}/_ctl/{path}", method=method, headers={"Authorization": f"Basic {token}"}
        )
        context = ssl.create_default_context(cafile=self.ca_file)
        with urllib.request.urlopen(request, context=context, timeout=10) as reply:  # noqa: S310 - https above
            return json.loads(reply.read() or "null")

    def is_on(self) -> bool:
        return bool(self.press("power", "GET")["on"])


@pytest.fixture
def plan() -> Plan:
    return read_site(SITE)[0]


@pytest.fixture
def button(plan: Plan) -> PowerButton:
    inventory = ROOT / "build/twin" / SITE.name
    facts = yaml.safe_load((inventory / "hosts.yaml").read_text())["all"]["hosts"]["esxi"]
    vault = yaml.safe_load((inventory / "group_vars/all/vault.yml").read_text())["vault"]
    host = plan.esxi
    return PowerButton(str(host.address), host.administrator, vault[host.administrator_password], facts["esxi_ca_file"])


def say(vm2: Host, state: str) -> None:
    """Let the UPS be so."""
    time.sleep(1.1)  # dummy-ups compares whole seconds
    vm2(f"printf '%s\\n' '{state}' > {STATES}")


def the_mains_are_back(folder: Path) -> None:
    """Let the UPS be on mains while VM2 is off: a real one says so when the machines start."""
    states = folder / "states"
    states.write_text(f"{ON_MAINS}\n")
    (name,) = (one.name for one in podman.containers(SITE.name) if one.host == "vm2")
    subprocess.run(["podman", "cp", str(states), f"{name}:{STATES}"], check=True, env=environment())


def until(holds: Callable[[], bool], limit_s: float) -> float:
    """Return how many seconds it took."""
    begun_s = time.monotonic()
    while not holds():
        assert time.monotonic() - begun_s < limit_s
        time.sleep(1.0)
    return time.monotonic() - begun_s


def answers(name: str) -> bool:
    """Return whether a machine is up and has started everything."""
    try:
        return Host(name)("systemctl is-active multi-user.target").strip() == "active"
    except (AssertionError, RuntimeError):  # testinfra's word for an SSH that does not get there
        return False


def journal(vm2: Host) -> list[tuple[str, str]]:
    lines = vm2(f"test ! -e {JOURNAL} || cat {JOURNAL}").splitlines()
    return [(row["what"], row["event"]) for row in map(json.loads, lines)]


def test_ap_5_mains_that_come_back_soon_stop_nothing(built: Job, button: PowerButton) -> None:
    vm2 = Host("vm2")
    before = journal(vm2)
    say(vm2, ON_BATTERY)
    until(lambda: "OB" in vm2("upsc gwups@localhost ups.status"), 30.0)
    say(vm2, ON_MAINS)
    until(lambda: vm2("upsc gwups@localhost ups.status").strip() == "OL", 30.0)
    assert journal(vm2) == before
    assert button.is_on()


def test_ap_5_a_low_battery_stops_all_in_order_and_power_brings_all_back_green(
    built: Job, plan: Plan, button: PowerButton, tmp_path: Path
) -> None:
    vm1, vm2 = Host("vm1"), Host("vm2")
    assert plan.ups is not None
    begun = vm1("date +%s").strip()
    say(vm2, LOW_BATTERY)
    took_s = until(lambda: not button.is_on(), plan.ups.whole_s)
    print(f"host off after {took_s:.0f} s; budget {plan.ups.whole_s} s")
    the_mains_are_back(tmp_path)
    button.press("power/on", "POST")
    for name in ("vm2", "vm1"):
        until(partial(answers, name), 300.0)
    said = [row for row in journal(vm2) if row[1] in {"is off", "has taken it", "begins; there is no way back"}]
    order = [("shutdown", "begins; there is no way back"), ("vm3", "is off"), ("vm1", "is off")]
    assert said[-4:] == [*order, ("host", "has taken it")]
    log = vm1(f"journalctl --no-pager --output=cat --since=@{begun}; cat /var/log/postgresql/*.log")
    assert "database system is shut down" in log
    assert "was interrupted" not in log
    proved = built.run("--tags", "plan,linux_base,verify")  # as the job does: the host's password is its, not ours
    assert proved.status == 0, proved.output[-3000:]
    assert (proved.changed["vm1"], proved.changed["vm2"]) == (0, 0), "the power failure changed a machine's base"
    records = json.loads((SITE / "evidence.json").read_text(encoding="utf-8"))["records"]
    assert [row["id"] for row in records if not row["ok"]] == []
