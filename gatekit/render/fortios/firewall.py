"""The whole FortiOS configuration of our firewall, in the order in which one part refers to another.

Form: vendor reference 2.1. Secrets stand as ``<secret NAME>``.
"""

from __future__ import annotations

from ipaddress import IPv4Address

from gatekit.errors import RenderError
from gatekit.plan.devices import FIREWALL_PASSWORD
from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import FirewallPlan
from gatekit.render.fortios.policies import (
    addresses,
    allowed_access,
    firewall_policies,
    interface_of,
    local_in_policies,
    services,
    to_itself,
)
from gatekit.render.fortios.text import entry, host_masked, masked, quoted, short_enough, table
from gatekit.render.fortios.tunnel import phases, static_routes
from gatekit.render.text import header

SYSLOG_TABLES = ("log syslogd setting", "log syslogd2 setting", "log syslogd3 setting", "log syslogd4 setting")
SYSLOG_PORT = 514
DNS_WORDS = ("primary", "secondary")
MOST_TRUSTED_HOSTS = 10


def firewall_config(plan: FirewallPlan) -> str:
    """Return the configuration of our part; defaults are left out, but for those that security rests on.

    Raises:
        RenderError: GW302 for a plan that FortiOS cannot say.
    """
    parts = (
        table(
            "system global", [f"set hostname {quoted(short_enough(f'{plan.name}.host_name', plan.host_name, 'name'))}"]
        ),
        _ports(plan),
        _names(plan),
        addresses(plan),
        services(plan),
        phases(plan),
        _zones(plan),
        local_in_policies(plan),
        firewall_policies(plan),
        static_routes(plan),
        _time(plan),
        table("log setting", ["set fwpolicy-implicit-log enable", "set local-in-deny-unicast enable"]),
        _logs(plan),
        _operator(plan),
    )
    return header(plan.name) + "".join(f"{line}\n" for part in parts for line in part)


def _host_name(plan: FirewallPlan) -> list[str]:
    name = short_enough(f"{plan.name}.host_name", plan.host_name, "name")
    return table("system global", [f"set hostname {quoted(name)}"])


def _ports(plan: FirewallPlan) -> list[str]:
    rows: list[str] = []
    for row in plan.interfaces:
        short_enough(f"{plan.name}.interfaces.{row.zone.value}", row.port, "interface")
        if row.port in {zone.name for zone in Zone}:
            fix = "A port and a zone cannot have one name; zones are UNTRUST, DMZ and TRUST."
            raise RenderError("GW302", f"{plan.name}.interfaces.{row.zone.value}", row.port, fix)
        access = allowed_access(plan, row.zone)
        body = [f"set ip {host_masked(row.address, row.prefix_length)}"]
        rows += entry(quoted(row.port), [*body, f"set allowaccess {' '.join(access)}"] if access else body)
    return table("system interface", rows)


def _zones(plan: FirewallPlan) -> list[str]:
    rows: list[str] = []
    for row in plan.interfaces:
        name = interface_of(plan, row.zone)
        rows += entry(quoted(name), ["set intrazone deny", f"set interface {quoted(row.port)}"])
    return table("system zone", rows)


def _asked(plan: FirewallPlan, listener: str) -> list[Flow]:
    """Return the flows by which the firewall itself asks a server."""
    return [flow for flow in plan.flows if flow.source.zone is Zone.FIREWALL and flow.listener == listener]


def _servers(plan: FirewallPlan, listener: str, most: int) -> list[IPv4Address]:
    found = sorted({net.network_address for flow in _asked(plan, listener) for net in flow.destination.ipv4_networks})
    if len(found) > most:
        fix = f"FortiOS takes at most {most} of them."
        raise RenderError("GW302", f"{plan.name}.flows.{listener}", [str(one) for one in found], fix)
    return found


def _source(plan: FirewallPlan, listener: str) -> str:
    """Return the line that fixes the source address: the tunnel's own interface has none inside the selectors."""
    return f"set source-ip {_asked(plan, listener)[0].source.ipv4_networks[0].network_address}"


def _names(plan: FirewallPlan) -> list[str]:
    servers = _servers(plan, "dns", len(DNS_WORDS))
    lines = [f"set {word} {server}" for word, server in zip(DNS_WORDS, servers, strict=False)]
    return table("system dns", [*lines, _source(plan, "dns")] if lines else [])


def _time(plan: FirewallPlan) -> list[str]:
    rows: list[str] = []
    for number, server in enumerate(_servers(plan, "ntp", 9), 1):
        rows += entry(str(number), [f"set server {quoted(str(server))}"])
    if not rows:
        return []
    lines = ["set ntpsync enable", "set type custom", *table("ntpserver", rows), _source(plan, "ntp")]
    return table("system ntp", lines)


def _logs(plan: FirewallPlan) -> list[str]:
    """Return one table for each log server. ``reliable`` is syslog over TCP (RFC 6587)."""
    lines: list[str] = []
    flows = _asked(plan, "syslog")
    servers = _servers(plan, "syslog", len(SYSLOG_TABLES))
    for name, server in zip(SYSLOG_TABLES, servers, strict=False):
        body = ["set status enable", f"set server {quoted(str(server))}"]
        body += ["set mode reliable"] if flows[0].protocol is Protocol.TCP else []
        body += [f"set port {flows[0].ports[0]}"] if flows[0].ports[0] != SYSLOG_PORT else []
        lines += table(name, [*body, _source(plan, "syslog")])
    return lines


def _operator(plan: FirewallPlan) -> list[str]:
    """Return our account; it is let in from where the matrix lets SSH in."""
    logins = [flow for flow in to_itself(plan) if flow.listener == "sshd"]
    trusted = sorted({network for flow in logins for network in flow.source.ipv4_networks})
    if len(trusted) > MOST_TRUSTED_HOSTS:
        fix = f"FortiOS takes at most {MOST_TRUSTED_HOSTS} trusted hosts for an account; join networks."
        raise RenderError("GW302", f"{plan.name}.flows", len(trusted), fix)
    body = [f"set trusthost{number} {masked(network)}" for number, network in enumerate(trusted, 1)]
    body = ['set accprofile "super_admin"', *body, f"set password {quoted(f'<secret {FIREWALL_PASSWORD}>')}"]
    return table("system admin", entry(quoted(plan.operator), body))
