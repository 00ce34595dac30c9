"""A UNIVERGE IX as CPE: the whole configuration of our part, in the order it is typed (vendor reference 4.1).

What the box cannot say is refused with GW302. What it says in its own way:

- An IKEv2 tunnel interface is route-based and proposes 0.0.0.0/0 <-> 0.0.0.0/0 (vendor reference 0.4); the peer
  narrows it. The filter ``dc-out`` keeps everything but the plan's networks out of the tunnel.
- Filters are stateless and end with an implicit deny. Every list holds permits only (but the two that only
  refuse), so the order of its lines never matters, and a line can be added or removed alone.
- Syslog leaves by UDP 514; the box knows no other way (vendor reference 4.1, IX-C).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address

from gatekit.errors import RenderError
from gatekit.plan.devices import CPE_PASSWORD
from gatekit.plan.flow import Flow, Network, Protocol
from gatekit.plan.network_device import CpePart, CpePlan, TunnelPlan

TUNNEL = "Tunnel0.0"
DISCARD = "Null0.0"
DISCARD_DISTANCE = 254  # the tunnel's route has 1 and is gone while the tunnel is down
FILTER_NUMBER = 10
PD_PROFILE = "line-pd"
WAN_IN, LAN_IN, LAN6_IN, DC_IN, DC_OUT, NO_CLEAR, SSH_FROM = (
    "wan6-in",
    "lan-in",
    "lan6-in",
    "dc-in",
    "dc-out",
    "no-clear",
    "mgmt-src",
)
ICMP6_TYPES = (1, 2, 3, 4, 134, 135, 136)
"""Errors (packet too big among them), router advertisement, neighbour discovery: the line cannot live without
them (RFC 4890 4.4). No echo request: nobody on the line may ask."""
SSH_PORT = 22
WORDS = {"aes256-cbc": "aes-cbc-256", "sha256": "sha2-256", 14: "2048-bit", 15: "3072-bit"}


def cpe_config(part: CpePart) -> str:
    """Return the configuration of one unit; secrets as ``<secret NAME>``.

    Raises:
        RenderError: GW302 for what a UNIVERGE IX cannot say, with what the site file has to change.
    """
    _refuse_unsayable(part.plan)
    lines = [
        *_system(part),
        *_routes(part.plan),
        *_access_lists(part.plan),
        f"ssh-server ip access-list {SSH_FROM}",
        "ssh-server ip enable",
        *_keys(part.plan.tunnel),
        *_interfaces(part.plan),
    ]
    return "\n".join(lines) + "\n"


def interface_name(port: str) -> str:
    """Return the box's name of a port's first sub-interface: ``GigaEthernet0`` -> ``GigaEthernet0.0``."""
    return port if "." in port else f"{port}.0"


def _refuse_unsayable(plan: CpePlan) -> None:
    suite, path = plan.tunnel.suite, f"{plan.name}.tunnel.suite"
    for field in ("encryption", "integrity", "prf", "dh_group"):
        if getattr(suite, field) not in WORDS:
            fix = "Set vpn.crypto to BASE; this product reaches at most AES-256-CBC, SHA-256 and 3072 bit."
            raise RenderError("GW302", f"{path}.{field}", getattr(suite, field), fix)
    if plan.wan.ipv4:
        fix = "Drop vpn.other_services or take a CPE product whose address translation is proved, such as cisco_iosxe."
        raise RenderError("GW302", f"{plan.name}.wan.ipv4", True, fix)
    if not isinstance(plan.tunnel.remote.underlay, IPv6Address):
        fix = "Give the data centre's peer an IPv6 address; the line of patterns 1 to 3 carries IPv6."
        raise RenderError("GW302", f"{plan.name}.tunnel.remote.underlay", str(plan.tunnel.remote.underlay), fix)
    for flow in _inward(plan.flows):
        if flow.destination.name != "cpe" or (flow.protocol is Protocol.TCP and flow.ports != (SSH_PORT,)):
            fix = "Only SSH, echo requests and the tunnel itself may reach the CPE."
            raise RenderError("GW302", f"{plan.name}.flows.{flow.id}", flow.ports, fix)


def _inward(flows: Iterable[Flow]) -> Iterator[Flow]:
    return (flow for flow in flows if flow.route[-1] == "cpe")


def _system(part: CpePart) -> Iterator[str]:
    plan = part.plan
    yield f"hostname {part.unit.host_name}"
    yield "timezone +00 00"
    yield f"username {plan.operator} password plain 1 <secret {CPE_PASSWORD}> administrator"
    yield from (f"ntp server {address}" for address in _asked(plan, "ntp"))
    yield "syslog ip enable"
    yield from (f"syslog ip host {address}" for address in _asked(plan, "syslog"))
    yield "syslog facility local3"
    yield "syslog timestamp datetime"
    yield "logging buffered 131072 cyclic"
    yield "logging subsystem ike2 notice"
    yield "ip ufs-cache enable"
    yield "ipv6 ufs-cache enable"
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield "ipv6 dhcp enable"


def _asked(plan: CpePlan, listener: str) -> tuple[IPv4Address, ...]:
    """Return the servers that the CPE asks, in the plan's order; the box takes addresses only."""
    flows = (flow for flow in plan.flows if flow.route[0] == "cpe" and flow.listener == listener)
    return tuple(network.network_address for flow in flows for network in flow.destination.ipv4_networks)


def _routes(plan: CpePlan) -> Iterator[str]:
    yield from (f"ip route {route.network} {route.via}" for route in plan.routes)
    for network in plan.protected:
        yield f"ip route {network} {TUNNEL}"
        yield f"ip route {network} {DISCARD} distance {DISCARD_DISTANCE}"


def _access_lists(plan: CpePlan) -> Iterator[str]:
    for name, lines in (
        (SSH_FROM, _ssh_sources(plan)),
        (LAN_IN, _from_lan(plan)),
        (DC_IN, _from_data_centre(plan)),
        (DC_OUT, _to_data_centre(plan)),
        (NO_CLEAR, (f"deny ip src any dest {network}" for network in plan.protected)),
    ):
        yield from (f"ip access-list {name} {line}" for line in lines)
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield f"ipv6 access-list {LAN6_IN} deny ip src any dest any"
    yield from (f"ipv6 access-list {WAN_IN} {line}" for line in _from_line(plan))


def _ssh_sources(plan: CpePlan) -> Iterator[str]:
    for flow in _inward(plan.flows):
        if flow.protocol is Protocol.TCP:
            yield from (f"permit ip src {network} dest any" for network in flow.source.ipv4_networks)


def _to_itself(plan: CpePlan, behind: Iterable[IPv4Network]) -> Iterator[str]:
    """Yield what may begin towards the CPE's own address from networks behind one interface."""
    own, networks = IPv4Network(plan.lan.address), tuple(behind)
    for flow in _inward(plan.flows):
        for source in flow.source.ipv4_networks:
            if any(source.subnet_of(network) for network in networks):
                yield from (f"permit {text}" for text in _matches(flow, source, own))


def _matches(flow: Flow, source: Network, destination: Network | str) -> Iterator[str]:
    """Yield one match for each port of a flow."""
    match flow.protocol:
        case Protocol.ESP:
            yield f"50 src {source} dest {destination}"
        case Protocol.ICMP:
            yield f"icmp type 8 src {source} dest {destination}"
        case _:
            for port in flow.ports:
                yield f"{flow.protocol.value} src {source} sport any dest {destination} dport eq {port}"


def _lan_hosts(plan: CpePlan) -> tuple[IPv4Network, ...]:
    """Return what is behind the LAN port: the routed networks, and the next hops themselves."""
    hops = dict.fromkeys(IPv4Network(route.via) for route in plan.routes)
    return (*(route.network for route in plan.routes), *hops)


def _from_lan(plan: CpePlan) -> Iterator[str]:
    yield from _to_itself(plan, _lan_hosts(plan))
    for source in _lan_hosts(plan):
        yield from (f"permit ip src {source} dest {network}" for network in plan.tunnel.remote.networks)


def _from_data_centre(plan: CpePlan) -> Iterator[str]:
    """What ends here by the matrix, answers of the time servers, and the rest for the firewall to judge."""
    yield from _to_itself(plan, plan.tunnel.remote.networks)
    own = IPv4Network(plan.lan.address)
    for server in _asked(plan, "ntp"):
        yield f"permit udp src {IPv4Network(server)} sport eq 123 dest {own} dport any"
    for network in plan.tunnel.remote.networks:
        yield from (f"permit ip src {network} dest {destination}" for destination in _lan_hosts(plan))


def _to_data_centre(plan: CpePlan) -> Iterator[str]:
    tunnel = plan.tunnel
    for source in tunnel.local.networks:
        yield from (f"permit ip src {source} dest {network}" for network in tunnel.remote.networks)


def _from_line(plan: CpePlan) -> Iterator[str]:
    for flow in _inward(plan.flows):
        for source in flow.source.networks:
            if not isinstance(source, IPv4Network):
                yield from (f"permit {text}" for text in _matches(flow, source, "any"))
    yield from (f"permit icmp type {number} src any dest any" for number in ICMP6_TYPES)
    if plan.wan.prefix_by == "dhcpv6_pd":
        yield "permit udp src fe80::/64 sport eq 547 dest fe80::/64 dport eq 546"


def _keys(tunnel: TunnelPlan) -> Iterator[str]:
    for identity in (tunnel.remote.identity, tunnel.local.identity):
        yield f"ikev2 authentication psk id fqdn {identity} key char <secret {tunnel.psk}>"


def _interfaces(plan: CpePlan) -> Iterator[str]:
    wan, lan = interface_name(plan.wan.port), interface_name(plan.lan.port)
    delegated = plan.wan.prefix_by == "dhcpv6_pd"
    if delegated:
        yield f"ipv6 dhcp client-profile {PD_PROFILE}"
        yield f"  ia-pd subscriber {lan} ::/64 eui-64"
    yield from _section(wan, _wan(plan, delegated=delegated))
    yield from _section(lan, _lan(plan, delegated=delegated))
    yield from _section(
        TUNNEL, (*_tunnel_interface(plan, lan), *_negotiation(plan.tunnel, wan, lan if delegated else wan))
    )


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"interface {name}"
    yield from (f"  {line}" for line in lines)
    yield "  no shutdown"


def _identifier(plan: CpePlan) -> str:
    """Return the last 64 bits as the box spells them: eight octets."""
    return ":".join(f"{octet:02x}" for octet in plan.wan.interface_id.packed[8:])


def _wan(plan: CpePlan, *, delegated: bool) -> Iterator[str]:
    """Filters stand above what opens the port. NGN wants a traffic class of 0."""
    yield "no ip address"
    yield f"ip filter {NO_CLEAR} {FILTER_NUMBER} out"
    yield f"ipv6 filter {WAN_IN} {FILTER_NUMBER} in"
    yield "ipv6 enable"
    yield "ipv6 traffic-class tos 0"
    if delegated:
        yield f"ipv6 dhcp client {PD_PROFILE}"
    else:
        yield f"ipv6 interface-identifier {_identifier(plan)}"
        yield "ipv6 address autoconfig receive-default"


def _lan(plan: CpePlan, *, delegated: bool) -> Iterator[str]:
    """With a delegated prefix the tunnel's source address lies here, and IPv6 from the LAN is refused."""
    yield f"ip address {IPv4Interface((plan.lan.address, plan.lan.prefix_length))}"
    yield f"ip filter {LAN_IN} {FILTER_NUMBER} in"
    if delegated:
        yield f"ipv6 filter {LAN6_IN} {FILTER_NUMBER} in"
        yield "ipv6 enable"
        yield f"ipv6 interface-identifier {_identifier(plan)}"


def _tunnel_interface(plan: CpePlan, lan: str) -> Iterator[str]:
    yield f"description {plan.tunnel.name}"
    yield "tunnel mode ipsec-ikev2"
    yield f"ip unnumbered {lan}"
    yield f"ip mtu {plan.tunnel.tunnel_mtu}"
    yield f"ip tcp adjust-mss {plan.tunnel.mss}"
    yield f"ip filter {DC_IN} {FILTER_NUMBER} in"
    yield f"ip filter {DC_OUT} {FILTER_NUMBER} out"


def _negotiation(tunnel: TunnelPlan, wan: str, source: str) -> Iterator[str]:
    """All five proposals are written: the box's own lists are weaker, and its samples turn PFS off."""
    suite = tunnel.suite
    group = WORDS[suite.dh_group]
    yield "ikev2 connect-type auto"
    yield f"ikev2 negotiation-direction {'initiator' if tunnel.initiator else 'responder'}"
    yield "ikev2 ipsec pre-fragment"
    yield f"ikev2 local-authentication psk id fqdn {tunnel.local.identity}"
    yield f"ikev2 dpd interval {tunnel.dpd_delay_s}"
    yield f"ikev2 sa-lifetime {tunnel.ike_rekey_s}"
    yield f"ikev2 sa-proposal enc {WORDS[suite.encryption]}"
    yield f"ikev2 sa-proposal integrity {WORDS[suite.integrity]}"
    yield f"ikev2 sa-proposal prf {WORDS[suite.prf]}"
    yield f"ikev2 sa-proposal dh {group}"
    yield f"ikev2 child-lifetime {tunnel.child_rekey_s}"
    yield f"ikev2 child-proposal enc {WORDS[suite.encryption]}"
    yield f"ikev2 child-proposal integrity {WORDS[suite.integrity]}"
    yield f"ikev2 child-pfs {group}"
    yield f"ikev2 source-address {source}"
    yield f"ikev2 outgoing-interface {wan} auto"
    yield f"ikev2 peer {tunnel.remote.underlay} authentication psk id fqdn {tunnel.remote.identity}"
