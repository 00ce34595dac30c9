"""The packet filter of a Linux CPE as nftables text (VPN-1 .. VPN-3): FLET'S line, tunnel, firewall.

Everything between hospital and data centre crosses the tunnel or is dropped; the line itself sees IKE and
ESP with one peer, and where the plan says so the other services of pattern 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.plan.flow import Flow, Protocol, Zone
from gatekit.plan.network_device import CpePlan
from gatekit.render.linux.host_facts import CpeHostFacts
from gatekit.render.linux.nft import (
    chain,
    clamp,
    dropped,
    ends,
    networks,
    no_clear,
    reply,
    rest,
    rule,
    state,
    table,
)

# RFC 4890 4.3.1 and 4.4.1: what an IPv6 host cannot live without; packet-too-big finds the path's MTU
LINE_ERRORS = "{ destination-unreachable, packet-too-big, time-exceeded, parameter-problem }"
NEIGHBOURS = "{ nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }"
DHCP6_CLIENT, DHCP6_SERVER, DHCP4_CLIENT, DHCP4_SERVER = 546, 547, 68, 67  # RFC 8415 7.2, RFC 2131 4.1


def cpe_nft(plan: CpePlan, host: CpeHostFacts) -> str:
    """Return the file for ``nft -f``: the flows that pass, reach or leave the CPE, and nothing else.

    Every accept rule bears its flow's id as comment; what the line needs to work (neighbours, prefix) bears
    ``line``. Every drop bears its reason.
    """
    chains = [_antispoof(plan, host), _input(plan, host), _forward(plan, host), _output(plan, host)]
    if plan.wan.ipv4:
        chains.append(_translation(plan, host))
    return table(chains, plan.protected)


def inside_networks(plan: CpePlan) -> tuple[IPv4Network, ...]:
    """Return what may come in from the firewall's side: the net between the two, and what is routed to it."""
    transit = IPv4Network((int(plan.lan.address), plan.lan.prefix_length), strict=False)
    return (transit, *(route.network for route in plan.routes))


def _antispoof(plan: CpePlan, host: CpeHostFacts) -> str:
    inside = networks(inside_networks(plan))
    rules = [
        *dropped(f'iifname != {{ "lo", "{host.tunnel}" }} ip saddr @protected', "spoofed-data-centre", "spoof"),
        *dropped(f'iifname "{host.lan}" ip saddr != {inside}', "spoofed-on-lan", "spoof"),
        *dropped(f'iifname "{host.wan}" ip saddr {inside}', "spoofed-on-wan", "spoof"),
        *dropped(f'iifname "{host.tunnel}" ip saddr != @protected', "spoofed-in-tunnel", "spoof"),
    ]
    return chain("antispoof", "prerouting priority raw", "accept", rules)


def _input(plan: CpePlan, host: CpeHostFacts) -> str:
    rules = ['iifname "lo" accept', *_line_in(plan, host), *state("input")]
    rules += [rule(flow, f'iifname "{_from(flow, host)}" {ends(flow)}'.rstrip()) for flow in _to_itself(plan)]
    return chain("input", "input priority filter", "drop", [*rules, *rest("input")])


def _forward(plan: CpePlan, host: CpeHostFacts) -> str:
    head = (*no_clear(host.tunnel, "forward"), *clamp(host.tunnel, plan.tunnel.mss), *state("forward"))
    rules = [
        rule(flow, f'iifname "{_from(flow, host)}" oifname "{_to(flow, host)}" {ends(flow)}') for flow in _through(plan)
    ]
    return chain("forward", "forward priority filter", "drop", [*head, *rules, *rest("forward")])


def _output(plan: CpePlan, host: CpeHostFacts) -> str:
    rules = ['oifname "lo" accept', *no_clear(host.tunnel, "output"), *_line_out(plan, host), *state("output")]
    rules += [rule(flow, f'oifname "{_to(flow, host)}" {ends(flow)}'.rstrip()) for flow in _of_itself(plan)]
    rules += [reply(flow, _from(flow, host)) for flow in _to_itself(plan) if flow.protocol is Protocol.TCP]
    return chain("output", "output priority filter", "drop", [*rules, *rest("output")])


def _translation(plan: CpePlan, host: CpeHostFacts) -> str:
    """The line hands the CPE one IPv4 address: what goes to other services borrows it."""
    rules = [
        f'oifname "{host.wan}" {ends(flow)} counter masquerade comment "{flow.id}.source"'
        for flow in _through(plan)
        if _to(flow, host) == host.wan
    ]
    return chain("translation", "postrouting priority srcnat", "accept", rules, kind="nat")


def _line_in(plan: CpePlan, host: CpeHostFacts) -> Iterator[str]:
    """What the FLET'S line is made of, before connection tracking, which does not know neighbours' messages."""
    yield f'iifname "{host.wan}" icmpv6 type {NEIGHBOURS} ip6 hoplimit 255 counter accept comment "line.neighbours"'
    yield f'iifname "{host.wan}" icmpv6 type {LINE_ERRORS} counter accept comment "line.errors"'
    if plan.wan.prefix_by == "dhcpv6_pd":
        match = f"ip6 saddr fe80::/10 udp sport {DHCP6_SERVER} udp dport {DHCP6_CLIENT}"
        yield f'iifname "{host.wan}" {match} counter accept comment "line.prefix"'
    if plan.wan.ipv4:
        match = f"udp sport {DHCP4_SERVER} udp dport {DHCP4_CLIENT}"
        yield f'iifname "{host.wan}" {match} counter accept comment "line.address"'


def _line_out(plan: CpePlan, host: CpeHostFacts) -> Iterator[str]:
    types = "{ nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report }"
    yield f'oifname "{host.wan}" icmpv6 type {types} counter accept comment "line.neighbours.out"'
    if plan.wan.prefix_by == "dhcpv6_pd":
        match = f"ip6 daddr {{ fe80::/10, ff02::1:2 }} udp sport {DHCP6_CLIENT} udp dport {DHCP6_SERVER}"
        yield f'oifname "{host.wan}" {match} counter accept comment "line.prefix.out"'
    if plan.wan.ipv4:
        match = f"udp sport {DHCP4_CLIENT} udp dport {DHCP4_SERVER}"
        yield f'oifname "{host.wan}" {match} counter accept comment "line.address.out"'


def _to_itself(plan: CpePlan) -> Iterator[Flow]:
    return (flow for flow in plan.flows if flow.route[-1] == "cpe")


def _of_itself(plan: CpePlan) -> Iterator[Flow]:
    return (flow for flow in plan.flows if flow.route[0] == "cpe")


def _through(plan: CpePlan) -> Iterator[Flow]:
    return (flow for flow in plan.flows if "cpe" in flow.route[1:-1])


def _from(flow: Flow, host: CpeHostFacts) -> str:
    """Return the interface by which a flow comes in: the point before the CPE on its way tells."""
    before = flow.route[flow.route.index("cpe") - 1]
    return host.lan if before == "firewall" else _beyond(flow.source.zone, host)


def _to(flow: Flow, host: CpeHostFacts) -> str:
    """Return the interface by which a flow goes out: the point behind the CPE on its way tells."""
    behind = flow.route[flow.route.index("cpe") + 1]
    return host.lan if behind == "firewall" else _beyond(flow.destination.zone, host)


def _beyond(zone: Zone, host: CpeHostFacts) -> str:
    return host.tunnel if zone is Zone.DATA_CENTRE else host.wan
