"""The packet filter of a Linux firewall as nftables text (AP-6, NW-1, NW-3, VPN-4).

Own table ``inet gatekit_fw``, created, deleted and created again in one transaction, so that loading the
file twice is the same as once and no other table is touched. Form: vendor reference 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, collapse_addresses

from gatekit.errors import RenderError
from gatekit.plan.model import FirewallPlan, Flow, Protocol, Zone
from gatekit.render.linux.host_facts import FirewallHostFacts
from gatekit.render.text import header

TABLE = "gatekit_fw"
LOG_GROUP = 1  # NFLOG; a plain log shows nothing from a container
LOG_LIMIT = "limit rate 10/second burst 20 packets"
IKE_PORTS = frozenset({500, 4500})  # RFC 7296 2: both ends use them, and either may rekey


def firewall_nft(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    """Return the file for ``nft -f``: the flows of the plan, and nothing else, are let through.

    Every accept rule bears its flow's id as comment, every drop rule the reason; both count.

    Raises:
        RenderError: GW302 for a flow the firewall never sees, a tunnel without its IKE flow, or a
            tunnel plan without tunnel interface.
    """
    _refuse_inconsistent(plan, host)
    chains = (_antispoof(plan, host), _input(plan, host), _forward(plan, host), _output(plan, host))
    head = header("firewall.flows")
    own = f"table inet {TABLE}\ndelete table inet {TABLE}\ntable inet {TABLE} {{\n"
    protected = (
        f"\tset protected {{\n\t\ttype ipv4_addr; flags interval; elements = {_networks(plan.protected)}\n\t}}\n"
    )
    return head + own + "\n".join((protected, *chains)) + "}\n"


def zone_networks(plan: FirewallPlan, zone: Zone) -> tuple[IPv4Network, ...]:
    """Return the networks behind an interface: connected, and routed via a next hop on it; merged, sorted."""
    connected = [
        IPv4Network((interface.address, interface.prefix_length), strict=False)
        for interface in plan.interfaces
        if interface.zone is zone
    ]
    routed = [route.network for route in plan.routes if any(route.via in network for network in connected)]
    return tuple(collapse_addresses([*connected, *routed]))


def rule(flow: Flow, match: str) -> str:
    """Return the accept rule of one flow; ``match`` gives interfaces and addresses."""
    return f'{match} {_service(flow)} counter accept comment "{flow.id}"'


def _refuse_inconsistent(plan: FirewallPlan, host: FirewallHostFacts) -> None:
    if plan.tunnel is not None and host.tunnel is None:
        fix = "Name the tunnel interface in the host's facts."
        raise RenderError("GW302", f"{plan.name}.host_facts.tunnel", None, fix)
    if plan.tunnel is None and host.tunnel is not None:
        fix = "A CPE ends the tunnel; leave the tunnel interface out."
        raise RenderError("GW302", f"{plan.name}.host_facts.tunnel", host.tunnel, fix)
    for flow in plan.flows:
        if flow.source.zone is flow.destination.zone:
            fix = "Both ends lie in one zone; the firewall never sees it."
            raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", flow.source.zone.value, fix)
    ways = {(flow.source.zone, flow.destination.zone) for flow in plan.flows if IKE_PORTS.issubset(flow.ports)}
    if plan.tunnel is not None and not ways >= {(Zone.FIREWALL, Zone.UNTRUST), (Zone.UNTRUST, Zone.FIREWALL)}:
        fix = "The matrix has to let IKE through both ways between the firewall and its peer."
        raise RenderError("GW302", f"{plan.name}.flows", plan.tunnel.name, fix)


def _service(flow: Flow) -> str:
    match flow.protocol:
        case Protocol.ESP:
            return "meta l4proto esp"
        case Protocol.ICMP:
            return "icmp type echo-request"
        case _:
            return f"{flow.protocol.value} dport {_ports(flow.ports)}"


def _ports(ports: Iterable[int]) -> str:
    return "{ " + ", ".join(str(port) for port in sorted(ports)) + " }"


def _networks(networks: Iterable[IPv4Network]) -> str:
    """Return an anonymous set; merged, since nft refuses overlapping elements."""
    return "{ " + ", ".join(str(network) for network in collapse_addresses(networks)) + " }"


def _ends(flow: Flow) -> str:
    return f"ip saddr {_networks(flow.source.networks)} ip daddr {_networks(flow.destination.networks)}"


def _chain(name: str, hook: str, policy: str, rules: Iterable[str]) -> str:
    body = "".join(f"\t\t{line}\n" for line in rules)
    return f"\tchain {name} {{\n\t\ttype filter hook {hook}; policy {policy};\n{body}\t}}\n"


def _dropped(match: str, reason: str, prefix: str) -> tuple[str, str]:
    """Return a limited log rule and the drop that no limit weakens."""
    log = f'{match} {LOG_LIMIT} log prefix "gatekit-{prefix} " group {LOG_GROUP}'.strip()
    return log, f'{match} counter drop comment "{reason}"'.strip()


def _antispoof(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    """Before connection tracking: a source that cannot lie behind the interface it came in by."""
    rules: list[str] = []
    elsewhere = f'iifname != {{ "lo", "{host.data_centre}" }} ip saddr @protected'
    rules += _dropped(elsewhere, "spoofed-data-centre", "spoof")
    for zone in (Zone.DMZ, Zone.TRUST):
        behind = _networks(zone_networks(plan, zone))
        rules += _dropped(f'iifname "{host.interface(zone)}" ip saddr != {behind}', f"spoofed-on-{zone.value}", "spoof")
    inside = _networks([*zone_networks(plan, Zone.DMZ), *zone_networks(plan, Zone.TRUST)])
    rules += _dropped(f'iifname "{host.untrust}" ip saddr {inside}', "spoofed-on-untrust", "spoof")
    if host.tunnel is not None:
        rules += _dropped(f'iifname "{host.tunnel}" ip saddr != @protected', "spoofed-in-tunnel", "spoof")
    return _chain("antispoof", "prerouting priority raw", "accept", rules)


def _no_clear(host: FirewallHostFacts, chain: str) -> tuple[str, str]:
    """Stands above "established": a flow opened inside the tunnel is established when it falls onto the clear path."""
    return _dropped(f'oifname != "{host.data_centre}" ip daddr @protected', f"no-clear-to-data-centre-{chain}", "clear")


def _state(chain: str) -> tuple[str, str]:
    return f'ct state invalid counter drop comment "invalid-{chain}"', "ct state established,related accept"


def _input(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = ['iifname "lo" accept', *_state("input")]
    rules += [
        rule(flow, f'iifname "{host.interface(flow.source.zone)}" {_ends(flow)}')
        for flow in plan.flows
        if flow.destination.zone is Zone.FIREWALL
    ]
    return _chain("input", "input priority filter", "drop", [*rules, *_rest("input")])


def _forward(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = [*_no_clear(host, "forward")]
    if plan.tunnel is not None:
        clamp = f"tcp flags syn / syn,rst tcp option maxseg size set {plan.tunnel.mss}"
        rules += [f'oifname "{host.tunnel}" {clamp}', f'iifname "{host.tunnel}" {clamp}']
    rules += _state("forward")
    for flow in plan.flows:
        if flow.crosses_firewall:
            ways = f'iifname "{host.interface(flow.source.zone)}" oifname "{host.interface(flow.destination.zone)}"'
            rules.append(rule(flow, f"{ways} {_ends(flow)}"))
    return _chain("forward", "forward priority filter", "drop", [*rules, *_rest("forward")])


def _output(plan: FirewallPlan, host: FirewallHostFacts) -> str:
    rules = ['oifname "lo" accept', *_no_clear(host, "output"), *_state("output")]
    rules += [
        rule(flow, f'oifname "{host.interface(flow.destination.zone)}" {_ends(flow)}')
        for flow in plan.flows
        if flow.source.zone is Zone.FIREWALL
    ]
    rules += [_reply(flow, host) for flow in plan.flows if _answers_tcp(flow)]
    return _chain("output", "output priority filter", "drop", [*rules, *_rest("output")])


def _answers_tcp(flow: Flow) -> bool:
    return flow.destination.zone is Zone.FIREWALL and flow.protocol is Protocol.TCP


def _reply(flow: Flow, host: FirewallHostFacts) -> str:
    """Return the rule for answers within a session that began before the kernel tracked connections.

    Loading the first rule with ``ct state`` starts the tracking. The SSH session that loads it is unknown then,
    and its next packet is our answer: without this rule that session hangs. Nothing can be opened by it, since
    a first packet (SYN without ACK) does not match.
    """
    ways = f'oifname "{host.interface(flow.source.zone)}"'
    ends = f"ip saddr {_networks(flow.destination.networks)} ip daddr {_networks(flow.source.networks)}"
    service = f"tcp sport {_ports(flow.ports)} tcp flags & (syn | ack) == ack"
    return f'{ways} {ends} {service} counter accept comment "{flow.id}.reply"'


def _rest(chain: str) -> tuple[str, str, str]:
    """IPv6 is not routed here, so it goes without filling the log; the rest is logged and dropped."""
    return f'meta nfproto ipv6 counter drop comment "no-ipv6-{chain}"', *_dropped("", f"default-deny-{chain}", chain)
