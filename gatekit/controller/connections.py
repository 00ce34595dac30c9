"""Connection facts out of Ansible's variables: the one place that knows their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gatekit.catalogue import Product, products
from gatekit.devices.commissioning.unit_folder import pinned_at_first_contact
from gatekit.errors import IntentError, RenderError

ESXI_FACTS = frozenset({"ansible_host", "esxi_ca_file", "verification"})
DEVICE_GROUPS = ("cpes", "firewalls", "l3_switches", "esxi_hosts", "linux_guests")
"""Groups of devices that the job changes, in its order."""
SSH_ARGUMENTS = ("common", "extra")
FIX = (
    "Pin it: read the key on the device's console, and give `ssh_host_public_key` for this host in the inventory "
    "(hosts.yaml beside group_vars)."
)


def ssh_connections(names: Iterable[str], variables: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each named host, what ``gatekit.controller.build_folder.ssh_hosts`` needs.

    Raises:
        IntentError: GW103 for a device of the hospital whose host key is not pinned.
    """
    return [_connection(name, variables[name]) for name in names]


def secrets_named(vault: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return the secrets one role needs, and no other.

    Raises:
        IntentError: GW107 for a name the vault does not have.
    """
    chosen = {}
    for name in names:
        if name not in vault:
            raise IntentError("GW107", f"vault.{name}", "missing", "Add it: tools/new_vault.py shows what it is.")
        chosen[name] = vault[name]
    return chosen


def network_platform(product: str) -> str:
    """Return the operating system of a product of the catalogue; RenderError GW301 for one it does not have."""
    return _product(product).platform


def changed_on_host(product: str) -> bool:
    """Return whether modules on the device itself change it; RenderError GW301 as ``network_platform``."""
    return _product(product).changed_on_host


def _product(name: str) -> Product:
    if name not in products():
        raise RenderError("GW301", "product", name, f"Use one of {', '.join(products())}.")
    return products()[name]


def device_doors(
    variables: Mapping[str, Mapping[str, Any]], groups: Mapping[str, Iterable[str]]
) -> list[dict[str, Any]]:
    """Return where each device that the job changes lets us in, as ``gatekit.comparison.devices.doors`` reads it.

    A device behind a jump host is left out: from here its own address says nothing.
    """
    return [
        _door(name, variables[name])
        for group in DEVICE_GROUPS
        for name in groups.get(group, ())
        if not any("Proxy" in str(variables[name].get(f"ansible_ssh_{which}_args", "")) for which in SSH_ARGUMENTS)
    ]


def _door(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    is_esxi = "esxi_host_plan" in facts
    port = facts.get("esxi_host_port", 443) if is_esxi else facts.get("ansible_port", 22)
    parts = [facts[part] for part in ("cpe_plan", "firewall_plan", "l3_switch_plan") if part in facts]
    by_key = not is_esxi and all(changed_on_host(part["product"]) for part in parts)
    return {"device": name, "address": str(facts["ansible_host"]), "port": int(port), "by_key": by_key}


def verification_facts(variables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return, for each host, the facts that ``gatekit.verify.site_targets`` reads, and no secret."""
    return {
        name: {key: facts[key] for key in facts if key in ESXI_FACTS or key.startswith("probe_")}
        for name, facts in variables.items()
    }


def _connection(name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    pinned = facts.get("ssh_host_public_key", "") or pinned_at_first_contact(name, facts)
    if not pinned and not {"linux_base_vm", "console_host"} & facts.keys():  # the vault's, or not commissioned yet
        raise IntentError("GW103", f"{name}.ssh_host_public_key", "missing", FIX)
    return {
        "name": name,
        "address": str(facts["ansible_host"]),
        "port": int(facts.get("ansible_port", 22)),
        "user": str(facts["ansible_user"]),
        "host_key": str(pinned),
        "identity_file": facts.get("ansible_ssh_private_key_file"),
    }
