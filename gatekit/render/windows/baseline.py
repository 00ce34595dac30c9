"""What the role windows_maintenance is given: tables, each for one script that brings Windows to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from gatekit.catalogue.windows_baseline import RegistryItem, windows_baseline
from gatekit.plan.appliance import VmPlan
from gatekit.plan.flow import Flow, Protocol
from gatekit.plan.windows import WindowsPlan
from gatekit.render.edge import plain
from gatekit.render.flows import incoming, outgoing

__all__ = ["RULE_GROUP", "baseline", "baseline_sha256", "role_input"]

RULE_GROUP = "gatekit"
"""Firewall rules of ours; every other rule that lets something in is switched off."""
ECHO_REQUEST = "8"
NTP_CLIENT = "0x8"
"""Flag of w32time: ask as a client, never as a peer."""

type Table = list[dict[str, Any]]


def role_input(windows: Mapping[str, Any], vm: Mapping[str, Any]) -> dict[str, Any]:
    """Return the role's tables from the plan's JSON; the edge to Ansible."""
    return baseline(WindowsPlan.model_validate(plain(windows)), VmPlan.model_validate(plain(vm)))


def baseline(plan: WindowsPlan, vm: VmPlan) -> dict[str, Any]:
    """Return table name -> rows, JSON-safe and without secrets; every row has every key of its table."""
    facts = windows_baseline()
    return {
        "registry": [_registry_row(key, item, vm) for key, items in facts.registry.items() for item in items],
        "services_off": [item.id for item in facts.services_off],
        "policy": [
            {"Section": section, "Name": item.id, "Value": item.value}
            for section, items in facts.security_policy.items()
            for item in items
        ],
        "audit": [{"Name": item.id, "Guid": item.guid, "Events": item.events} for item in facts.audit],
        "features_absent": list(facts.features_absent),
        "rules": list(_rules(vm)),
        "rule_group": RULE_GROUP,
        "tools": [tool.model_dump() for tool in plan.tools],
        "openssh": plan.openssh,
    }


def baseline_sha256(plan: WindowsPlan, vm: VmPlan) -> str:
    """Return the digest that tells whether a guest was given this baseline."""
    return hashlib.sha256(json.dumps(baseline(plan, vm), sort_keys=True).encode()).hexdigest()


def _registry_row(key: str, item: RegistryItem, vm: VmPlan) -> dict[str, Any]:
    servers = " ".join(f"{server},{NTP_CLIENT}" for server in vm.ntp_servers)
    return {
        "Id": item.id,
        "Key": key,
        "Name": item.name,
        "Type": item.type,
        "Value": servers if item.value == "<ntp>" else item.value,
        "Restart": item.restart,
        "Reboot": item.reboot,
    }


def _rules(vm: VmPlan) -> Iterator[dict[str, Any]]:
    """Yield one rule for each flow of the matrix that begins or ends at VM3."""
    for flow in incoming(vm.flows, vm.address):
        yield _rule(flow, "Inbound", flow.source.ipv4_networks)
    for flow in outgoing(vm.flows, vm.address):
        yield _rule(flow, "Outbound", flow.destination.ipv4_networks)


def _rule(flow: Flow, direction: str, peers: tuple[IPv4Network, ...]) -> dict[str, Any]:
    """Return one rule; ``Text`` is how Windows shows it, so that a changed one is told from ours."""
    ports = [str(port) for port in flow.ports] or ["Any"]
    local, remote = (ports, ["Any"]) if direction == "Inbound" else (["Any"], ports)
    echo = flow.protocol is Protocol.ICMP
    protocol = "ICMPv4" if echo else flow.protocol.upper()
    services = f"type {ECHO_REQUEST}" if echo else f"{','.join(local)} {','.join(remote)}"
    return {
        "Name": f"gw-{direction.lower()}-{flow.id}",
        "Title": f"gw {flow.purpose.en}",
        "Direction": direction,
        "Protocol": protocol,
        "LocalPort": local,
        "RemotePort": remote,
        "IcmpType": [ECHO_REQUEST] if echo else ["Any"],
        "RemoteAddress": [str(network) for network in peers],
        "Text": f"True {direction} Allow {protocol} {services} {','.join(sorted(map(_shown, peers)))}",
    }


def _shown(network: IPv4Network) -> str:
    """Return a network as Windows shows it in a rule."""
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else f"{network.network_address}/{network.netmask}"
