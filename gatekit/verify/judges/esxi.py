"""ESXi as its API reports it (AP-1); the text is the JSON that ``gatekit.verify.esxi_reading`` writes."""

from __future__ import annotations

import json
from typing import Any

from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both


def _machines(text: str) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(text)["machines"]}


def machines(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-1: every planned VM is powered on; a guest that reports an address reports the planned one.

    Windows reports none until its tools run, so a missing address counts against Linux guests only.
    """
    del check
    live, ok, seen = _machines(texts[0]), True, []
    for vm in plan.vms:
        row = live.get(vm.name) or live.get(vm.host_name) or {"power": "absent", "address": ""}
        address = row["address"] or ("-" if vm.guest != "debian13" else "none")
        ok = ok and row["power"] == "poweredOn" and address in (str(vm.address), "-")
        seen.append(f"{vm.name} {row['power']} {address}")
    return Verdict(ok=ok, observed=both(", ".join(seen)))


def autostart(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-1: autostart is on, in the planned order."""
    del check
    state = json.loads(texts[0])["autostart"]
    rows = sorted((row["order"], row["vm"]) for row in state["rows"] if row["action"] == "powerOn")
    names = {vm.host_name: vm.name for vm in plan.vms}
    live = [names.get(vm, vm) for _, vm in rows]
    planned = [row.vm for row in sorted(plan.esxi.autostart, key=lambda row: row.order)]
    seen = f"{'on' if state['enabled'] else 'off'}: {' > '.join(live) or 'none'}"
    return Verdict(ok=bool(state["enabled"]) and live == planned, observed=both(seen))


def network(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-1: the port group of each VM lies on a vSwitch of the plan that has the planned uplinks."""
    del check
    facts, live = json.loads(texts[0]), _machines(texts[0])
    switches = {row["name"]: row for row in facts["vswitches"]}
    ok, seen = True, []
    for switch in plan.esxi.vswitches:
        row = switches.get(switch.name, {"uplinks": [], "port_groups": []})
        missing = {group.name for group in switch.port_groups} - set(row["port_groups"])
        ok = ok and tuple(row["uplinks"]) == switch.uplinks and not missing
        seen.append(f"{switch.name} [{' '.join(row['uplinks'])}] {' '.join(row['port_groups'])}")
    for vm in plan.vms:
        groups = (live.get(vm.name) or live.get(vm.host_name) or {"port_groups": []})["port_groups"]
        ok = ok and groups == [vm.port_group]
        seen.append(f"{vm.name} {' '.join(groups) or '-'}")
    return Verdict(ok=ok, observed=both("; ".join(seen)))
