"""Which devices a site has, and which of them answer at their address and let us in."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatekit.comparison.model import Comparison, DeviceFinding, Finding, Purpose
from gatekit.plan.document import plan_sha256
from gatekit.plan.model import Plan

CONNECT_LIMIT_S = 3.0
LOGIN_LIMIT_S = 20.0
REQUEST_SHEET = "managed by the hospital's network vendor: no login; playbooks/papers.yml writes the request"

WITH_A_TAG = frozenset({"cpe", "firewall", "l3_switch", "esxi"})
"""Devices that have a tag of their name; every tag that is none of them and of no playbook's is a guest's."""
WITHOUT_A_DEVICE = frozenset({"plan", "check", "always"})

type Closed = Mapping[str, tuple[Finding, str]]
"""Device -> why it is left out: NOT_REACHED or REFUSED, with the reason."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where one device lets us in: a TCP port of SSH or of the ESXi API.

    ``by_key``: the operator's key opens it, as on every Linux host. Elsewhere the device's own module logs in.
    """

    device: str
    address: str
    port: int
    by_key: bool


def doors(rows: Iterable[Mapping[str, Any]]) -> tuple[Door, ...]:
    """Return the doors that the filter ``device_doors`` found in the inventory."""
    return tuple(Door(row["device"], row["address"], row["port"], row["by_key"]) for row in rows)


def in_scope(device: str, run_tags: Iterable[str]) -> bool:
    """Return whether a run with these tags (Ansible's ``ansible_run_tags``) compares the device."""
    tags = frozenset(run_tags)
    if "all" in tags:
        return True
    return device in tags if device in WITH_A_TAG else bool(tags - WITH_A_TAG - WITHOUT_A_DEVICE)


def closed(asked: Iterable[Door], ssh_config: Path) -> dict[str, tuple[Finding, str]]:
    """Return why each door stays shut, of those that do; asked side by side, and nothing is run behind them."""
    asked = tuple(asked)
    with ThreadPoolExecutor(max(1, len(asked))) as pool:
        reasons = pool.map(lambda door: _reason(door, ssh_config), asked)
        return {door.device: reason for door, reason in zip(asked, reasons, strict=True) if reason is not None}


def _reason(door: Door, ssh_config: Path) -> tuple[Finding, str] | None:
    try:
        socket.create_connection((door.address, door.port), CONNECT_LIMIT_S).close()
    except OSError as error:
        said = "no answer" if isinstance(error, TimeoutError) else (error.strerror or type(error).__name__).lower()
        return Finding.NOT_REACHED, f"{door.address} port {door.port}: {said}"
    return _login(door, ssh_config) if door.by_key else None


def _login(door: Door, ssh_config: Path) -> tuple[Finding, str] | None:
    """Return why SSH lets nobody in: what listens is another host than ours, or our key is not known there."""
    options = ("-o", "BatchMode=yes", "-o", "LogLevel=ERROR")
    words = ["ssh", "-F", str(ssh_config), *options, door.device, "true"]
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=LOGIN_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return Finding.REFUSED, f"ssh does not end within {LOGIN_LIMIT_S:.0f} s"
    return None if done.returncode == 0 else (Finding.REFUSED, " ".join(done.stderr.split()))


def listed(plan: Plan, purpose: Purpose, left_out: Closed) -> Comparison:
    """Return the comparison before anything was compared: every device that a run changes, in its order."""
    return Comparison(
        purpose=purpose,
        site=plan.site,
        plan_sha256=plan_sha256(plan),
        devices=tuple(_as_listed(name, platform, plan, left_out) for name, platform in _platforms(plan)),
    )


def _platforms(plan: Plan) -> Iterable[tuple[str, str]]:
    if plan.cpe is not None:
        yield "cpe", plan.cpe.product
    yield "firewall", plan.firewall.product
    yield "l3_switch", plan.l3_switch.product
    yield "esxi", "esxi"
    yield from ((vm.name, vm.guest) for vm in plan.vms)


def _as_listed(name: str, platform: str, plan: Plan, left_out: Closed) -> DeviceFinding:
    if name == "l3_switch" and plan.l3_switch.managed_by == "network_vendor":
        return DeviceFinding(name=name, platform=platform, finding=Finding.BY_VENDOR, reason=REQUEST_SHEET)
    finding, reason = left_out.get(name, (Finding.NOT_COMPARED, ""))
    return DeviceFinding(name=name, platform=platform, finding=finding, reason=reason)
