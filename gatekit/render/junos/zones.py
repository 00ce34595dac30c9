"""How the plan's zones, ports and services are called on an SRX."""

from __future__ import annotations

import re

from gatekit.errors import RenderError
from gatekit.plan.flow import Endpoint, Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan, Interface

ITSELF = "junos-host"
VPN = "VPN"
TUNNEL_UNIT = "st0.0"
ZONES = {Zone.UNTRUST: "UNTRUST", Zone.DMZ: "DMZ", Zone.TRUST: "TRUST"}
IKE_PORTS = frozenset({500, 4500})
SSH_PORTS = (22,)
PORT_NAME = re.compile(r"(ge|xe|et|fe|mge|reth)-?\d+(/\d+/\d+)?")
OBJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")  # policies: letters, digits, - and _, 63 at most


def unit(interface: Interface) -> str:
    """Return the logical interface of a port, e.g. ``ge-0/0/0.0``.

    Raises:
        RenderError: GW302 for a name that is no Ethernet port of an SRX.
    """
    if not PORT_NAME.fullmatch(interface.port):
        fix = "Name a port as ge-0/0/0, without a unit (firewall.ports of the site file)."
        raise RenderError("GW302", f"firewall.interfaces.{interface.zone.value}.port", interface.port, fix)
    return f"{interface.port}.0"


def zone_name(plan: FirewallPlan, end: Endpoint) -> str:
    """Return the zone that an end lies in; the data centre lies behind UNTRUST where a CPE ends the tunnel."""
    if end.zone is Zone.FIREWALL:
        return ITSELF
    if end.zone is Zone.DATA_CENTRE:
        return VPN if plan.tunnel else ZONES[Zone.UNTRUST]
    return ZONES[end.zone]


def zone_units(plan: FirewallPlan) -> dict[str, str]:
    """Return zone -> logical interface, in the order they are written."""
    units = {ZONES[row.zone]: unit(row) for row in plan.interfaces}
    return {**units, VPN: TUNNEL_UNIT} if plan.tunnel else units


def owners(plan: FirewallPlan, flow: Flow) -> frozenset[str]:
    """Return the zones whose interface bears an address that a flow to the firewall asks for."""
    found = frozenset(
        ZONES[row.zone]
        for row in plan.interfaces
        if any(row.address in network for network in flow.destination.ipv4_networks)
    )
    if not found:
        fix = "Let the flow end at an address of one of the firewall's interfaces."
        raise RenderError("GW302", f"firewall.flows.{flow.id}", flow.destination.name, fix)
    return found


def policy_name(flow: Flow) -> str:
    """Return a flow's id as a policy may be called.

    Raises:
        RenderError: GW302 when it is too long or has other characters.
    """
    name = flow.id.replace(".", "-")
    if not OBJECT_NAME.fullmatch(name):
        fix = "Give the thing in the site file a shorter name of letters, digits, '-' and '_' (63 in all)."
        raise RenderError("GW302", f"firewall.flows.{flow.id}", name, fix)
    return name


def host_service(flow: Flow) -> str:
    """Return the host-inbound service that a flow to the firewall needs.

    Raises:
        RenderError: GW302 for what an SRX offers under no such name.
    """
    if flow.protocol is Protocol.ICMP:
        return "ping"
    if flow.protocol is Protocol.ESP or (flow.protocol is Protocol.UDP and IKE_PORTS.issuperset(flow.ports)):
        return "ike"
    if flow.protocol is Protocol.TCP and flow.ports == SSH_PORTS:
        return "ssh"
    fix = "Only SSH on port 22, echo requests, IKE and ESP may end at the firewall."
    raise RenderError("GW302", f"firewall.flows.{flow.id}", f"{flow.protocol.value} {flow.ports}", fix)
