"""The CPE's lists: what each interface lets in and out, what the tunnel carries, who may log in.

IOS has one list an interface and direction, first match wins, and none of them tracks connections. So an
answer to the CPE's own question is let in by a line of its own (source port, ``established``), and what
belongs to one of pattern 1's other services comes back only through a translation that NAT has made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network

from gatekit.errors import RenderError
from gatekit.plan.flow import Flow, Protocol
from gatekit.plan.network_device import CpePlan
from gatekit.render.cisco_ios.spelling import block, host, network, port, port6

DENY = "deny ip any any log"
ICMP_ERRORS = ("unreachable", "time-exceeded", "parameter-problem")  # "unreachable" has fragmentation-needed in it
ICMP6_NEEDED = ("nd-na", "nd-ns", "router-advertisement", "packet-too-big", *ICMP_ERRORS)
TRANSLATED = "gt 1023"  # ports that NAT gives out; the CPE's own services lie below


def other_services(plan: CpePlan) -> tuple[Flow, ...]:
    """Return the flows that leave by the same line in clear (VPN-1)."""
    return tuple(flow for flow in plan.flows if flow.listener == "other_service")


def to_itself(plan: CpePlan) -> tuple[Flow, ...]:
    """Return the flows that end at the CPE."""
    return tuple(flow for flow in plan.flows if flow.route[-1] == "cpe")


def answered(plan: CpePlan) -> tuple[Flow, ...]:
    """Return the CPE's own questions that this configuration asks: time and logs. Names it does not need."""
    return tuple(flow for flow in plan.flows if flow.route[0] == "cpe" and flow.listener in {"ntp", "syslog"})


def access_lists(plan: CpePlan) -> str:
    """Return every list of the CPE."""
    lists = [
        block("ip access-list standard GW-MGMT", _logins(plan)),
        block("ip access-list extended GW-LAN-IN", _lan_in(plan)),
        block("ip access-list extended GW-LAN-OUT", _lan_out(plan)),
        block("ip access-list extended GW-TUNNEL", _selectors(plan)),
        block("ip access-list extended GW-TUNNEL-IN", _tunnel_in(plan)),
        block("ip access-list extended GW-WAN4-IN", _wan_in(plan)),
        block("ip access-list extended GW-WAN4-OUT", _wan_out(plan)),
    ]
    if plan.wan.ipv4:
        lists.append(block("ip access-list extended GW-NAT", _translated(plan)))
    lists.append(block("ipv6 access-list GW-MGMT6", ["deny ipv6 any any"]))
    lists.append(block("ipv6 access-list GW-WAN6-IN", _wan6_in(plan)))
    return "".join(lists)


def _logins(plan: CpePlan) -> Iterator[str]:
    for flow in to_itself(plan):
        if flow.listener == "sshd":
            for one in flow.source.ipv4_networks:
                yield f"permit {one.network_address}" + ("" if one.prefixlen == 32 else f" {one.hostmask}")


def _service(flow: Flow) -> Iterator[str]:
    """Yield what follows the addresses of an IPv4 entry, once for each port."""
    if flow.protocol is Protocol.ICMP:
        yield "echo"
    for number in flow.ports:
        yield port(flow.protocol, number)


def _permits(flows: Iterable[Flow]) -> Iterator[str]:
    for flow in flows:
        for source in flow.source.ipv4_networks:
            for destination in flow.destination.ipv4_networks:
                for service in _service(flow):
                    yield f"permit {flow.protocol.value} {network(source)} {network(destination)} {service}"


def _answers(plan: CpePlan) -> Iterator[str]:
    """Yield the entries for answers to the CPE's own questions: NTP by both ports, TCP by its ACK."""
    ours = host(plan.lan.address)
    for flow in answered(plan):
        for server in flow.destination.ipv4_networks:
            for number in flow.ports:
                asked = port(flow.protocol, number)
                end = asked if flow.protocol is Protocol.UDP else "established"
                yield f"permit {flow.protocol.value} {network(server)} {asked} {ours} {end}"


def _errors(destination: str) -> Iterator[str]:
    return (f"permit icmp any {destination} {kind}" for kind in ICMP_ERRORS)


def _lan_in(plan: CpePlan) -> Iterator[str]:
    """From the firewall: logins, what the tunnel carries, and the other services of the line."""
    yield from _permits(flow for flow in to_itself(plan) if _behind_lan(plan, flow))
    yield f"deny ip any {host(plan.lan.address)} log"
    yield from _selectors(plan)
    yield from _permits(other_services(plan))
    yield DENY


def _lan_out(plan: CpePlan) -> Iterator[str]:
    """To the firewall: never what belongs into the tunnel, and only to the networks behind it."""
    yield from _no_clear(plan)
    yield from (f"permit ip any {network(one)}" for one in plan.tunnel.local.networks)
    yield DENY


def _selectors(plan: CpePlan) -> Iterator[str]:
    for ours in plan.tunnel.local.networks:
        for theirs in plan.tunnel.remote.networks:
            yield f"permit ip {network(ours)} {network(theirs)}"


def _tunnel_in(plan: CpePlan) -> Iterator[str]:
    """Out of the tunnel: what the plan lets reach the CPE, and everything for the networks behind the firewall."""
    yield from _permits(flow for flow in to_itself(plan) if _inside_tunnel(plan, flow))
    yield from _answers(plan)
    yield from _errors(host(plan.lan.address))
    yield f"deny ip any {host(plan.lan.address)} log"
    for theirs in plan.tunnel.remote.networks:
        yield from (f"permit ip {network(theirs)} {network(ours)}" for ours in plan.tunnel.local.networks)
    yield DENY


def _wan_in(plan: CpePlan) -> Iterator[str]:
    """IPv4 from the line: nothing; with other services DHCP's answers and theirs, to translated ports only."""
    if plan.wan.ipv4:
        yield from (f"deny ip any {network(one)} log" for one in plan.tunnel.local.networks)  # before NAT: forged
        yield "permit udp any eq bootps any eq bootpc"
        for flow in other_services(plan):
            state = " established" if flow.protocol is Protocol.TCP else ""
            for there in flow.destination.ipv4_networks:
                for number in flow.ports:
                    there_from = f"{network(there)} {port(flow.protocol, number)}"
                    yield f"permit {flow.protocol.value} {there_from} any {TRANSLATED}{state}"
        yield from _errors("any")
    yield DENY


def _wan_out(plan: CpePlan) -> Iterator[str]:
    """IPv4 to the line: never the data centre's networks; other services after translation, so from any source."""
    yield from _no_clear(plan)
    for flow in other_services(plan):
        for there in flow.destination.ipv4_networks:
            yield from (
                f"permit {flow.protocol.value} any {network(there)} {port(flow.protocol, one)}" for one in flow.ports
            )
    yield DENY


def _translated(plan: CpePlan) -> Iterator[str]:
    """The sources NAT translates; addresses only, as the ports are decided by the lists."""
    pairs = {
        f"permit ip {network(source)} {network(there)}": None
        for flow in other_services(plan)
        for source in flow.source.ipv4_networks
        for there in flow.destination.ipv4_networks
    }
    yield from pairs


def _no_clear(plan: CpePlan) -> Iterator[str]:
    return (f"deny ip any {network(one)} log" for one in plan.protected)


def _wan6_in(plan: CpePlan) -> Iterator[str]:
    """IPv6 from the line: exactly the plan's flows, and what IPv6 itself cannot do without (RFC 4890 4.4)."""
    for flow in to_itself(plan):
        for source in flow.source.networks:
            if source.version == 6:
                yield from (f"permit {service}" for service in _wan6_services(flow, network(source)))
    yield from (f"permit icmp any any {kind}" for kind in ICMP6_NEEDED)
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield "permit udp FE80::/10 eq 547 any eq 546"
    yield "deny ipv6 any any log"


def _wan6_services(flow: Flow, source: str) -> Iterator[str]:
    match flow.protocol:
        case Protocol.ESP:
            yield f"esp {source} any"
        case Protocol.UDP | Protocol.TCP:
            yield from (f"{flow.protocol.value} {source} any {port6(flow.protocol, one)}" for one in flow.ports)
        case _:
            fix = "From the line only IKE and ESP may reach the CPE."
            raise RenderError("GW302", f"cpe.flows.{flow.id}", flow.protocol.value, fix)


def _behind_lan(plan: CpePlan, flow: Flow) -> bool:
    return any(one.subnet_of(plan.dmz) for one in flow.source.ipv4_networks)


def _inside_tunnel(plan: CpePlan, flow: Flow) -> bool:
    return any(one.subnet_of(there) for one in flow.source.ipv4_networks for there in plan.protected)


def lan_network(plan: CpePlan) -> IPv4Network:
    """Return the network between CPE and firewall."""
    return IPv4Network((plan.lan.address, plan.lan.prefix_length), strict=False)


def servers(plan: CpePlan, listener: str) -> tuple[tuple[IPv4Address, int], ...]:
    """Return the servers that the CPE itself asks, with their port."""
    return tuple(
        (there.network_address, flow.ports[0])
        for flow in answered(plan)
        if flow.listener == listener
        for there in flow.destination.ipv4_networks
    )
