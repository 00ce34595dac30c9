"""Addresses, services, firewall policies and local-in policies from the flow matrix (AP-6, NW-1, NW-3, VPN-4).

A firewall policy governs what passes through, a local-in policy what reaches the firewall itself. What the
firewall begins itself is governed by neither (vendor reference 2): the blackhole route keeps that out of the clear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.fortios.text import entry, masked, quoted, short_enough, stable_ids, table

PREFIX = "gw-"  # our addresses and services; the tables hold the vendor's too
EVERYWHERE = IPv4Network("0.0.0.0/0")
NO_CLEAR = "no-clear-to-data-centre"
REST = "rest"
ALWAYS = 'set schedule "always"'
ACCESS = {"sshd": "ssh", "host": "ping"}  # listener on the firewall -> allowaccess of the port that has the address


def forwarded(plan: FirewallPlan) -> tuple[Flow, ...]:
    """Return the flows that pass through."""
    return tuple(flow for flow in plan.flows if flow.crosses_firewall)


def to_itself(plan: FirewallPlan) -> tuple[Flow, ...]:
    """Return the flows that end on the firewall."""
    return tuple(flow for flow in plan.flows if flow.destination.zone is Zone.FIREWALL)


def interface_of(plan: FirewallPlan, zone: Zone) -> str:
    """Return what policies call the way to a zone: its name, and the tunnel for the data centre when we end it."""
    if zone is Zone.DATA_CENTRE:
        return plan.tunnel.name if plan.tunnel else Zone.UNTRUST.name
    return zone.name


def owner_of(plan: FirewallPlan, flow: Flow) -> Zone:
    """Return the zone of the one port whose address a flow to the firewall goes to.

    Raises:
        RenderError: GW302 when it goes to anything but one address of the firewall.
    """
    wanted = set(flow.destination.ipv4_networks)
    for interface in plan.interfaces:
        if wanted == {IPv4Network(interface.address)}:
            return interface.zone
    fix = "Let it go to exactly one address of the firewall."
    raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", sorted(map(str, wanted)), fix)


def allowed_access(plan: FirewallPlan, zone: Zone) -> list[str]:
    """Return what a port has to answer to, in the order of `show`.

    Raises:
        RenderError: GW302 for a listener that FortiOS does not have or that needs no switch.
    """
    wanted = set()
    for flow in to_itself(plan):
        if owner_of(plan, flow) is not zone or flow.listener == "ike":
            continue
        if flow.listener not in ACCESS:
            fix = f"FortiOS answers here to {', '.join(sorted(ACCESS))} only; take the flow out of the matrix."
            raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", flow.listener, fix)
        wanted.add(ACCESS[flow.listener])
    return sorted(wanted)


def addresses(plan: FirewallPlan) -> list[str]:
    """Return the address objects, named by what they hold, so that none ever changes its meaning."""
    flows = (*forwarded(plan), *to_itself(plan))
    used = {network for flow in flows for end in (flow.source, flow.destination) for network in end.ipv4_networks}
    used |= set(plan.protected) if plan.tunnel else set()
    rows: list[str] = []
    for network in sorted(used - {EVERYWHERE}):
        rows += entry(quoted(_address(network)), [f"set subnet {masked(network)}"])
    return table("firewall address", rows)


def services(plan: FirewallPlan) -> list[str]:
    """Return the service objects, named by protocol and port."""
    used = dict(sorted(row for flow in (*forwarded(plan), *to_itself(plan)) for row in _services(flow)))
    rows: list[str] = []
    for name, lines in used.items():
        rows += entry(quoted(name), lines)
    return table("firewall service custom", rows)


def local_in_policies(plan: FirewallPlan) -> list[str]:
    """Return who may reach the firewall itself; the last one refuses the rest on every interface."""
    flows = to_itself(plan)
    ids = stable_ids([*(f"local-in {flow.id}" for flow in flows), f"local-in {REST}"])
    rows: list[str] = []
    for flow in flows:
        body = [
            f"set intf {quoted(interface_of(plan, flow.source.zone))}",
            *_ends(plan, flow),
            "set action accept",
            f"set service {quoted(*(name for name, _ in _services(flow)))}",
            ALWAYS,
        ]
        rows += entry(str(ids[f"local-in {flow.id}"]), body)
    rest = ['set intf "any"', 'set srcaddr "all"', 'set dstaddr "all"', 'set service "ALL"', ALWAYS]
    return table("firewall local-in-policy", [*rows, *entry(str(ids[f"local-in {REST}"]), rest)])


def firewall_policies(plan: FirewallPlan) -> list[str]:
    """Return the policies: first what never leaves in clear, then one for each flow that passes.

    A flow from one interface to the address of another passes too: FortiOS wants a policy for it besides the
    local-in policy (unverified). ``action deny`` is the default, and `show` does not print it.
    """
    crossing = [(flow.id, flow, flow.destination.zone) for flow in forwarded(plan)]
    for flow in to_itself(plan):
        owner = owner_of(plan, flow)
        if interface_of(plan, flow.source.zone) != interface_of(plan, owner):
            crossing.append((f"{flow.id}.self", flow, owner))
    ids = stable_ids([*(f"policy {name}" for name, _, _ in crossing), f"policy {NO_CLEAR}"])
    rows: list[str] = []
    if plan.tunnel is not None:
        rows += entry(str(ids[f"policy {NO_CLEAR}"]), _no_clear(plan))
    for name, flow, destination in crossing:
        rows += entry(str(ids[f"policy {name}"]), _policy(plan, name, flow, destination))
    return table("firewall policy", rows)


def _no_clear(plan: FirewallPlan) -> Iterator[str]:
    ways_out = (Zone.UNTRUST, Zone.DMZ, Zone.TRUST)  # every interface but the tunnel
    yield f"set name {quoted(NO_CLEAR)}"
    yield 'set srcintf "any"'
    yield f"set dstintf {quoted(*(interface_of(plan, zone) for zone in ways_out))}"
    yield 'set srcaddr "all"'
    yield f"set dstaddr {quoted(*(_address(network) for network in plan.protected))}"
    yield ALWAYS
    yield 'set service "ALL"'
    yield "set logtraffic all"


def _policy(plan: FirewallPlan, name: str, flow: Flow, destination: Zone) -> Iterator[str]:
    path = f"{plan.name}.flows.{flow.id}"
    ways = [interface_of(plan, zone) for zone in (flow.source.zone, destination)]
    if ways[0] == ways[1]:
        raise RenderError("GW302", path, ways[0], "Both ends lie in one zone; the firewall never sees it.")
    yield f"set name {quoted(short_enough(path, name, 'name'))}"
    yield f"set srcintf {quoted(ways[0])}"
    yield f"set dstintf {quoted(ways[1])}"
    yield "set action accept"
    yield from _ends(plan, flow)
    yield ALWAYS
    yield f"set service {quoted(*(service for service, _ in _services(flow)))}"
    yield "set logtraffic all"
    if plan.tunnel is not None and plan.tunnel.name in ways:
        yield f"set tcp-mss-sender {plan.tunnel.mss}"
        yield f"set tcp-mss-receiver {plan.tunnel.mss}"


def _ends(plan: FirewallPlan, flow: Flow) -> Iterator[str]:
    for word, end in (("srcaddr", flow.source), ("dstaddr", flow.destination)):
        if not end.ipv4_networks:
            fix = "The firewall passes IPv4 only; leave the flow out of its part."
            raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", end.name, fix)
        yield f"set {word} {quoted(*map(_address, end.ipv4_networks))}"


def _address(network: IPv4Network) -> str:
    return "all" if network == EVERYWHERE else f"{PREFIX}{network}"


def _services(flow: Flow) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Yield name and lines of the service objects of one flow."""
    match flow.protocol:
        case Protocol.TCP | Protocol.UDP:
            for port in flow.ports:
                kind = flow.protocol.value
                yield f"{PREFIX}{kind}-{port}", (f"set {kind}-portrange {port}",)
        case Protocol.ESP:
            yield f"{PREFIX}esp", ("set protocol IP", "set protocol-number 50")
        case Protocol.ICMP:  # `show` prints the code that is not set
            yield f"{PREFIX}ping", ("set protocol ICMP", "set icmptype 8", "unset icmpcode")
