"""A Juniper SRX as the site's firewall, in set format: one statement a line, as ``display set`` shows it.

With the tunnel in pattern 4; in patterns 1 to 3 the data centre lies behind UNTRUST, where the CPE ends it.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.devices import FIREWALL_PASSWORD
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan, Interface
from gatekit.render.junos.policies import NO_CLEAR, no_clear_lines, object_lines, policy_lines, zone_lines
from gatekit.render.junos.tunnel import tunnel_lines
from gatekit.render.junos.zones import TUNNEL_UNIT, unit

LOG_STREAM = "data-centre"


def firewall_config(plan: FirewallPlan) -> str:
    """Return every set line of the firewall; secrets as ``<secret NAME>``.

    A password stands as ``plain-text-password-value``: typed, it is given in the dialogue of
    ``plain-text-password`` (gatekit/devices/junos/transaction.py).

    Raises:
        RenderError: GW302 for a part of the plan that Junos cannot express.
    """
    lines = (
        *_system(plan),
        *_interfaces(plan),
        *_routes(plan),
        *(tunnel_lines(plan, plan.tunnel) if plan.tunnel else ()),
        *(no_clear_lines(plan) if plan.tunnel else ()),
        *object_lines(plan),
        *zone_lines(plan),
        *policy_lines(plan),
    )
    return "".join(f"{line}\n" for line in lines)


def _system(plan: FirewallPlan) -> Iterator[str]:
    password = f'authentication plain-text-password-value "<secret {FIREWALL_PASSWORD}>"'
    yield f"set system host-name {plan.host_name}"
    yield f"set system root-{password}"  # a factory-fresh box refuses every commit without it
    yield f"set system login user {plan.operator} class super-user"
    yield f"set system login user {plan.operator} {password}"
    yield "set system services ssh root-login deny"
    for flow in _asked_by_itself(plan, "ntp"):
        for network in flow.destination.ipv4_networks:
            yield f"set system ntp server {network.network_address}"
        yield f"set system ntp source-address {_own_address(flow)}"
    for flow in _asked_by_itself(plan, "syslog"):
        yield from _log_lines(flow)


def _asked_by_itself(plan: FirewallPlan, listener: str) -> tuple[Flow, ...]:
    return tuple(flow for flow in plan.flows if flow.source.zone is Zone.FIREWALL and flow.listener == listener)


def _own_address(flow: Flow) -> str:
    """Return the address that the firewall speaks from: it has to lie inside the tunnel's selectors."""
    return str(flow.source.ipv4_networks[0].network_address)


def _log_lines(flow: Flow) -> Iterator[str]:
    """Yield both ways a log leaves the box: what its daemons say, and what its policies did."""
    if len(flow.ports) != 1 or flow.protocol not in {Protocol.TCP, Protocol.UDP}:
        fix = "Let the log server listen on one TCP or UDP port."
        raise RenderError("GW302", f"firewall.flows.{flow.id}", flow.ports, fix)
    if len(flow.destination.ipv4_networks) != 1:
        fix = "The stream of policy logs takes one server: name one."
        raise RenderError("GW302", f"firewall.flows.{flow.id}", flow.destination.name, fix)
    server, port = flow.destination.ipv4_networks[0].network_address, flow.ports[0]
    base = f"set system syslog host {server}"
    yield f"{base} any notice"
    yield f"{base} port {port}"
    yield f"{base} transport {flow.protocol.value}"
    yield f"{base} source-address {_own_address(flow)}"
    yield "set security log mode stream"
    yield f"set security log source-address {_own_address(flow)}"
    yield f"set security log transport protocol {flow.protocol.value}"
    stream = f"set security log stream {LOG_STREAM}"
    yield from (f"{stream} format sd-syslog", f"{stream} host {server}", f"{stream} host port {port}")


def _interfaces(plan: FirewallPlan) -> Iterator[str]:
    for row in plan.interfaces:
        base = _family(row)
        yield f"{base} address {row.address}/{row.prefix_length}"
        if plan.tunnel:
            yield f"{base} filter output {NO_CLEAR}"


def _family(row: Interface) -> str:
    port, number = unit(row).rsplit(".", 1)
    return f"set interfaces {port} unit {number} family inet"


def _routes(plan: FirewallPlan) -> Iterator[str]:
    base = "set routing-options static route"
    yield f"{base} {IPv4Network('0.0.0.0/0')} next-hop {plan.default_gateway}"
    yield from (f"{base} {route.network} next-hop {route.via}" for route in plan.routes)
    if plan.tunnel:
        for network in plan.protected:
            yield from (f"{base} {half} next-hop {TUNNEL_UNIT}" for half in _halves(network))
            yield f"{base} {network} discard"


def _halves(network: IPv4Network) -> tuple[IPv4Network, ...]:
    """Return both halves: Junos holds no tunnel and no discard for one prefix, and the halves go with the tunnel."""
    if network.prefixlen == network.max_prefixlen:
        fix = "Give the data centre a network of at least two addresses: its halves lead into the tunnel."
        raise RenderError("GW302", "firewall.protected", str(network), fix)
    return tuple(network.subnets(prefixlen_diff=1))
