"""The guest's filter says exactly what the flow matrix says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gatekit.render.guest import packet_filter
from tests.sites import PATTERNS, example_plan

GUESTS = [(pattern, vm) for pattern in PATTERNS for vm in ("vm1", "vm2")]


def chain(text: str, name: str) -> str:
    return text.split(f"chain {name} {{")[1].split("\n\t}", maxsplit=1)[0]


def accepted(text: str) -> set[str]:
    return set(re.findall(r'counter accept comment "([^"]+)"', text))


@pytest.mark.parametrize(("pattern", "name"), GUESTS)
def test_nw_6_each_flow_of_the_guest_has_its_rule_and_there_is_no_other(pattern: str, name: str) -> None:
    vm = example_plan(pattern).vm(name)
    text = packet_filter(vm).content
    arriving = {f.id for f in vm.flows if any(vm.address in n for n in f.destination.networks)}
    leaving = {f.id for f in vm.flows if any(vm.address in n for n in f.source.networks)}
    answers = {f"{f.id}.reply" for f in vm.flows if f.id in arriving and f.listener == "sshd"}
    assert accepted(chain(text, "input")) == arriving
    assert accepted(chain(text, "output")) == leaving | answers
    assert arriving | leaving == {flow.id for flow in vm.flows}


def test_in_2_a_pacs_with_a_bandwidth_is_slowed_down_before_its_connections_are_accepted() -> None:
    vm = example_plan("pattern4").vm("vm1")
    flows = tuple(
        flow.model_copy(update={"bandwidth_mbit_s": 100}) if flow.id == "pacs.store.main" else flow for flow in vm.flows
    )
    rules = chain(packet_filter(vm.model_copy(update={"flows": flows})).content, "input").splitlines()
    limits = [number for number, rule in enumerate(rules) if "limit rate over" in rule and "drop comment" in rule]
    established = next(number for number, rule in enumerate(rules) if "ct state established" in rule)
    match = "ip saddr 192.168.30.10 tcp dport 11112 limit rate over 12500000 bytes/second burst 1562500 bytes"
    assert [rules[number].strip() for number in limits] == [f'{match} counter drop comment "pacs.store.main.bandwidth"']
    assert limits[0] < established


@pytest.mark.parametrize(("pattern", "name"), GUESTS)
def test_staging_controller_keeps_ssh(pattern: str, name: str) -> None:
    plan = example_plan(pattern)
    controller = next(f for f in plan.vm(name).flows if f.id == "maintain.linux_vms")
    rules = chain(packet_filter(plan.vm(name)).content, "input")
    line = next(row for row in rules.splitlines() if '"maintain.linux_vms"' in row)
    assert all(str(network.network_address) in line for network in controller.source.networks)


@pytest.mark.parametrize(("pattern", "name"), GUESTS)
def test_every_hook_drops_by_default_and_foreign_tables_stay(pattern: str, name: str) -> None:
    text = packet_filter(example_plan(pattern).vm(name)).content
    assert re.findall(r"hook (\w+) .*; policy (\w+);", text) == [
        ("input", "drop"),
        ("output", "drop"),
        ("forward", "drop"),
    ]
    assert "flush" not in text
    assert re.findall(r"^(?:table|delete table) (.*?)(?: \{)?$", text, re.MULTILINE) == ["inet gatekit"] * 3


@pytest.mark.skipif(shutil.which("nft") is None, reason="molecule asks nft in the guest as well")
@pytest.mark.parametrize(("pattern", "name"), GUESTS)
def test_nft_accepts_the_rules(pattern: str, name: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.nft"
    rules.write_text(packet_filter(example_plan(pattern).vm(name)).content)
    # In a network namespace of its own: judging needs the rights of an administrator there, not here.
    judged = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", shutil.which("nft") or "", "--check", "--file", str(rules)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (judged.returncode, judged.stderr) == (0, "")
