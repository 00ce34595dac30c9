"""What stands in ``build/<site>`` before anything is logged into: the plan, its hash, and whom to trust."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gatekit.controller.ssh_trust import SshHost, known_hosts, public_key, ssh_config
from gatekit.plan.document import plan_bytes, plan_sha256
from gatekit.plan.model import Plan


def build_folder(plan: Plan, hosts: tuple[SshHost, ...], folder: Path) -> dict[str, str]:
    """Return file name -> content of ``folder``; pure."""
    return {
        "known_hosts": known_hosts(hosts),
        "plan.json": plan_bytes(plan).decode(),
        "plan.sha256": f"{plan_sha256(plan)}  plan.json\n",
        "ssh_config": ssh_config(hosts, str(folder / "known_hosts")),
    }


def ssh_hosts(plan: Plan, connections: Iterable[Mapping[str, Any]], vault: Mapping[str, str]) -> tuple[SshHost, ...]:
    """Return the site's SSH hosts from the inventory's connection facts (``ssh_connection``) and the vault.

    Raises:
        DeviceError: GW416 for a host whose key is neither in the vault nor pinned.
    """
    in_vault = {vm.name: vm.ssh_host_key for vm in plan.vms if vm.ssh_host_key}
    return tuple(_host(row, in_vault, vault) for row in connections)


def _host(row: Mapping[str, Any], in_vault: Mapping[str, str], vault: Mapping[str, str]) -> SshHost:
    name = row["name"]
    entry = in_vault.get(name)
    return SshHost(
        name=name,
        address=row["address"],
        port=row["port"],
        user=row["user"],
        host_key=public_key(vault[entry], entry) if entry else row["host_key"],
        identity_file=row["identity_file"],
    )
