"""The plan as an inventory: which hosts there are, and what each one's role is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatekit.model import Frozen
from gatekit.plan.appliance import VmPlan
from gatekit.plan.devices import CPE_PASSWORD, FINGERPRINT_KEY, FIREWALL_PASSWORD, SWITCH_PASSWORD
from gatekit.plan.document import plan_sha256
from gatekit.plan.esxi_host import esxi_secrets
from gatekit.plan.model import Plan
from gatekit.plan.power_failure import ups_role_secrets
from gatekit.plan.tunnel import PSK
from gatekit.plan.vm1.model import Vm1Plan, secret_names


@dataclass(frozen=True, slots=True)
class Host:
    """One host of the inventory; ``variables`` are JSON-safe."""

    name: str
    groups: tuple[str, ...]
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SiteInventory:
    hosts: tuple[Host, ...]
    variables: dict[str, Any]


NETWORK_SECRETS = frozenset({PSK, FIREWALL_PASSWORD, CPE_PASSWORD, SWITCH_PASSWORD, FINGERPRINT_KEY})
"""What the roles of the network devices may be given; a site's plan has those it needs."""


def inventory_of(plan: Plan, folder: Path) -> SiteInventory:
    """Return the hosts of one site. ``folder`` is the site's, e.g. inventories/pattern4; build/ stands beside it."""
    build = folder.parent.parent / "build" / folder.name
    trust = f"-o UserKnownHostsFile={build / 'known_hosts'} -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none"
    operator = plan.vm("vm1").operator
    hosts = [
        Host("esxi", ("esxi_hosts",), {"ansible_connection": "local", **_esxi(plan)}),
        _remote("firewall", "firewalls", plan.address("firewall.dmz"), {"firewall_plan": _json(plan.firewall)}),
        *(_vm(plan, vm) for vm in plan.vms),
    ]
    if plan.cpe is not None:
        variables = {"cpe_plan": _json(plan.cpe)}
        hosts.append(_remote("cpe", "cpes", plan.cpe.lan.address, variables))
        if any(unit.role == "spare" for unit in plan.cpe.units):
            # The spare on the bench has the main unit's address, and Ansible names a shared connection by the address.
            apart = {"ansible_control_path": "%(directory)s/cpe-spare"}
            hosts.append(_remote("cpe_spare", "cpe_spares", plan.cpe.lan.address, variables | apart))
    if plan.l3_switch.managed_by == "us":
        variables = {"l3_switch_plan": _json(plan.l3_switch)}
        hosts.append(_remote("l3_switch", "l3_switches", plan.l3_switch.address, variables))
    return SiteInventory(
        hosts=tuple(hosts),
        variables={
            "ansible_user": operator,
            "ansible_ssh_common_args": trust,
            "gatekit_site": plan.site,
            "gatekit_folder": str(folder),
            "gatekit_build": str(build),
            "gatekit_plan_sha256": plan_sha256(plan),
            "gatekit_secrets": list(plan.secrets),
            "network_secret_names": [name for name in plan.secrets if name in NETWORK_SECRETS],
        },
    )


def _remote(name: str, group: str, address: object, variables: dict[str, Any]) -> Host:
    return Host(name, (group, "ssh_hosts"), {"ansible_host": str(address), **variables})


def _vm(plan: Plan, vm: VmPlan) -> Host:
    if vm.guest != "debian13":
        parts = {"windows_maintenance_plan": _json(plan.windows), "windows_maintenance_vm": _json(vm)}
        return Host(vm.name, ("windows_guests",), {"ansible_host": str(vm.address), **parts})
    variables: dict[str, Any] = {
        "ansible_host": str(vm.address),
        "ansible_python_interpreter": "/usr/bin/python3",
        "linux_base_vm": _json(vm),
        "linux_base_package_source": _json(plan.package_source),
    }
    groups = ["linux_guests", "ssh_hosts"]
    if plan.ups is not None and vm.name in {plan.ups.server, plan.ups.client}:
        groups.append("ups_guests")
        variables["ups_plan"] = _json(plan.ups)
        variables["power_secret_names"] = list(ups_role_secrets(plan.ups, vm.name))
    if vm.address == plan.proxy.address:
        groups.append("proxies")
        variables["squid_proxy"] = _json(plan.proxy)
    if vm.name == "vm1":
        software = _software(plan.vm1)
        groups.append("gateways")
        for role, part in software.items():
            variables[f"{role}_archive" if part is plan.vm1.archive else f"{role}_plan"] = _json(part)
        variables["gateway_secret_names"] = {role: list(secret_names(part)) for role, part in software.items()}
    return Host(vm.name, tuple(groups), variables)


def _software(plan: Vm1Plan) -> dict[str, Frozen]:
    """Return VM1's roles in the order they are built, each with its part of the plan."""
    roles: dict[str, Frozen | None] = {
        "postgresql": plan.postgresql,
        "directory": plan.directory,
        "wildfly": plan.wildfly,
        plan.archive.engine: plan.archive,
        "pacs_gateway": plan.pacs_gateway,
        "apache": plan.apache,
    }
    return {role: part for role, part in roles.items() if part is not None}


def _esxi(plan: Plan) -> dict[str, Any]:
    return {
        "ansible_host": str(plan.esxi.address),
        "esxi_host_plan": _json(plan.esxi),
        "esxi_secret_names": list(esxi_secrets(plan.esxi)),
        "esxi_vm_host_plan": _json(plan.esxi),
        "esxi_vm_plans": [_json(vm) for vm in plan.vms],
        "esxi_vm_windows": _json(plan.windows),
    }


def _json(part: Frozen) -> dict[str, Any]:
    return part.model_dump(mode="json")
