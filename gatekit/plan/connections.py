"""Connection facts out of Ansible's variables: the one place that knows their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gatekit.errors import IntentError

FIX = (
    "Pin it: read the key on the device's console, and give `ssh_host_public_key` for this host in the inventory "
    "(hosts.yaml beside group_vars)."
)


def ssh_connections(names: Iterable[str], variables: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each named host, what ``gatekit.plan.build_folder.ssh_hosts`` needs.

    Raises:
        IntentError: GW103 for a device of the hospital whose host key is not pinned.
    """
    return [_connection(name, variables[name]) for name in names]


def _connection(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    pinned = facts.get("ssh_host_public_key", "")
    if not pinned and "linux_base_vm" not in facts:  # a guest's key follows from the vault
        raise IntentError("GW103", f"{name}.ssh_host_public_key", "missing", FIX)
    return {
        "name": name,
        "address": str(facts["ansible_host"]),
        "port": int(facts.get("ansible_port", 22)),
        "user": str(facts["ansible_user"]),
        "host_key": str(pinned),
        "identity_file": facts.get("ansible_ssh_private_key_file"),
    }
