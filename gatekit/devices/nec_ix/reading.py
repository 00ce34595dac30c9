"""What a UNIVERGE IX configuration means (vendor reference 4.1); reads the box's language, not the renderer.

Forms that mean no permit, and only these: ICMPv6 errors and neighbour discovery on the line, the DHCPv6 client's
answers, a time server's answers, and what is forwarded between the tunnel's networks for the firewall to judge.
The tunnel's local and remote networks are those that its outgoing filter lets in: an IKEv2 tunnel interface
itself proposes everything (vendor reference 0.4, rule 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.meaning import Hop, Meaning, Permit, RouteMeaning, TunnelMeaning
from gatekit.devices.nec_ix.access_lists import ANY4, ANY6, Rule, everything, permits_to_itself, unknown
from gatekit.devices.nec_ix.configuration import Configuration, interface_names, read
from gatekit.devices.nec_ix.forwarding import carried_networks, is_forwarded, networks_behind
from gatekit.devices.nec_ix.negotiation import tunnel_name, tunnel_of
from gatekit.plan.flow import Network, Zone
from gatekit.plan.network_device import CpePart

_ON_THE_LINE = frozenset(f"icmp type {number}" for number in (1, 2, 3, 4, 134, 135, 136))
_DHCP6_ANSWER = "permit udp src fe80::/64 sport eq 547 dest fe80::/64 dport eq 546"
_REFUSES_ALL = "deny ip src any dest any"


def meaning(text: str, part: CpePart) -> Meaning:
    """Return what a configuration lets through, where it sends and how it encrypts.

    Raises:
        DeviceError: GW427 for a line in a section of ours whose meaning is not known, and for a way on which
            packets for the data centre could leave in clear.
    """
    found = read(text, part)
    wan, lan = interface_names(part)
    for name in (wan, lan):
        if name not in found.interfaces:
            raise unknown(f"no interface {name}")
    routes = frozenset(_routes(found))
    tunnel = _tunnel(found, part, routes)
    return Meaning(
        host_name="".join(found.facts.get("host_name", ())),
        addresses=frozenset(_addresses(found, part)),
        permits=frozenset([*_from_line(found, wan), *_from_inside(found, part, tunnel, routes)]),
        routes=routes,
        tunnel=tunnel,
        management=_management(found),
        time_servers=_servers(found, "time_server"),
        log_servers=_servers(found, "log_server") if found.facts.get("syslog") else frozenset(),
    )


def _routes(found: Configuration) -> Iterator[RouteMeaning]:
    """Yield the static routes; one that discards must be worse than the tunnel's, or it would win or share."""
    for words in (line.split() for line in found.facts.get("route", ())):
        network = ANY4 if words[0] == "default" else IPv4Network(words[0])
        distance = int(words[3]) if len(words) == 4 else 1
        hop: Hop
        if words[1] == "Null0.0":
            if distance <= 1:
                raise unknown(f"ip route {' '.join(words)}")
            hop = "discard"
        elif words[1] == tunnel_name(found) and distance == 1:
            hop = "tunnel"
        else:
            hop = _next_hop(words)
        yield RouteMeaning(network=network, hop=hop)


def _next_hop(words: list[str]) -> IPv4Address:
    try:
        return IPv4Address(words[1])
    except ValueError:
        raise unknown(f"ip route {' '.join(words)}") from None


def _addresses(found: Configuration, part: CpePart) -> Iterator[tuple[str, str]]:
    """Yield the ports with IPv4 that are up, named as the plan names ports: without the first sub-interface."""
    dotted = "." in part.plan.lan.port
    for name, facts in found.interfaces.items():
        if facts.get("up") and not facts.get("down"):
            yield from ((name if dotted else name.removesuffix(".0"), address) for address in facts.get("address", ()))


def _management(found: Configuration) -> frozenset[IPv4Network]:
    """Return from where the SSH server lets in: by its list, from everywhere without one, nowhere when it is off."""
    if not found.facts.get("ssh"):
        return frozenset()
    names = found.facts.get("ssh_list", ())
    if not names:
        return frozenset({ANY4})
    rules = found.lists.get(("ip", names[-1]), [])
    for rule in rules:
        if (rule.permits, rule.protocol, rule.destination, rule.sport, rule.dport) != (True, "ip", ANY4, "any", "any"):
            raise unknown(rule.line)
    return frozenset(rule.source for rule in rules if isinstance(rule.source, IPv4Network))


def _servers(found: Configuration, name: str) -> frozenset[IPv4Address]:
    return frozenset(IPv4Address(address) for address in found.facts.get(name, ()))


def _tunnel(found: Configuration, part: CpePart, routes: frozenset[RouteMeaning]) -> TunnelMeaning | None:
    name = tunnel_name(found)
    if name is None:
        return None
    wan, lan = interface_names(part)
    _refuse_foreign_source(found, part, found.one(name, "source"))
    if found.one(name, "outgoing") != wan or found.one(name, "unnumbered") != lan:
        raise unknown(f"interface {name}: not between {lan} and {wan}")
    tunnel = tunnel_of(found, name, *carried_networks(found, name, lan, routes))
    _refuse_clear_way(found, wan, tunnel)
    return tunnel if all(found.interfaces[one].get("up") for one in (name, wan)) else None


def _refuse_foreign_source(found: Configuration, part: CpePart, source: str) -> None:
    """Refuse a tunnel that does not start from the plan's address in the line's prefix: the spare's would differ."""
    wan, lan = interface_names(part)
    facts = found.interfaces[wan]
    if facts.get("dhcp6"):
        subscriber = (f"ia-pd subscriber {lan} ::/64 eui-64",)
        holder = lan if found.facts.get("dhcp6") and found.delegations.get(facts["dhcp6"][-1]) == subscriber else ""
    else:
        holder = wan if facts.get("autoconfig") else ""
    wanted = part.plan.wan.interface_id.packed[8:].hex(":")
    if source != holder or found.one(source, "identifier") != wanted:
        raise unknown(f"ikev2 source-address {source}: not {part.plan.wan.interface_id} of the prefix")


def _refuse_clear_way(found: Configuration, wan: str, tunnel: TunnelMeaning) -> None:
    """Refuse a line on which IPv4 could leave beside the tunnel (vendor reference 0.4, rule 1)."""
    if found.interfaces[wan].get("address"):
        raise unknown(f"interface {wan}: ip address {found.interfaces[wan]['address'][0]}")
    rules = found.filter(wan, "ip", "out") or []
    refused = {rule.destination for rule in rules if not rule.permits and _matches_all(rule)}
    if any(rule.permits for rule in rules) or not tunnel.remote_networks <= refused:
        raise unknown(f"interface {wan}: no filter refuses packets for the data centre")


def _matches_all(rule: Rule) -> bool:
    return (rule.protocol, rule.source, rule.sport, rule.dport) == ("ip", ANY4, "any", "any")


def _from_line(found: Configuration, wan: str) -> Iterator[Permit]:
    """Yield what the line may send to the box itself."""
    facts = found.interfaces[wan]
    if not facts.get("ipv6"):
        return
    rules = found.filter(wan, "ipv6", "in")
    if rules is None:
        yield from everything(Zone.UNTRUST, ANY6, ANY6)
        return
    for rule in rules:
        if rule.permits and rule.protocol in _ON_THE_LINE and rule.source == rule.destination == ANY6:
            continue
        if rule.line == _DHCP6_ANSWER and facts.get("dhcp6"):
            continue
        if rule.destination != ANY6:
            raise unknown(rule.line)
        yield from permits_to_itself(rule, Zone.UNTRUST, ANY6)


def _from_inside(
    found: Configuration, part: CpePart, tunnel: TunnelMeaning | None, routes: frozenset[RouteMeaning]
) -> Iterator[Permit]:
    """Yield what may begin towards the box's own address from the LAN and out of the tunnel."""
    _, lan = interface_names(part)
    _refuse_ipv6(found, lan)
    own = IPv4Network(IPv4Interface(found.one(lan, "address")).ip)
    name = tunnel_name(found)
    sides = [(lan, Zone.UNTRUST), *([(name, Zone.DATA_CENTRE)] if name and tunnel else [])]
    for interface, zone in sides:
        rules = found.filter(interface, "ip", "in")
        if rules is None:
            yield from everything(zone, ANY4, own)
        for rule in rules or ():
            if is_forwarded(rule, own):
                continue  # judged by carried_networks
            if zone is Zone.DATA_CENTRE and _is_time_answer(rule, found, own):
                continue
            yield from permits_to_itself(rule, _zone(rule.source, zone, routes, rule), own)


def _is_time_answer(rule: Rule, found: Configuration, own: Network) -> bool:
    servers = {IPv4Network(server) for server in _servers(found, "time_server")}
    form = (rule.permits, rule.protocol, rule.sport, rule.dport, rule.destination)
    return form == (True, "udp", "eq 123", "any", own) and rule.source in servers


def _zone(source: Network, arrives_from: Zone, routes: frozenset[RouteMeaning], rule: Rule) -> Zone:
    """Return where a source lies by the routes; GW427 when it cannot come in by that interface."""
    if source == ANY4:
        return arrives_from
    behind_tunnel = any(source.subnet_of(network) for network in networks_behind(routes, "tunnel"))  # type: ignore[arg-type] # both IPv4
    if behind_tunnel is not (arrives_from is Zone.DATA_CENTRE):
        raise unknown(rule.line)
    behind_hop = any(
        source.subnet_of(row.network)  # type: ignore[arg-type] # both IPv4
        for row in routes
        if isinstance(row.hop, IPv4Address)
    )
    return Zone.DMZ if behind_hop else arrives_from


def _refuse_ipv6(found: Configuration, lan: str) -> None:
    """Refuse IPv6 from the LAN, which the box has only to hold its own address."""
    if found.interfaces[lan].get("ipv6"):
        rules = found.filter(lan, "ipv6", "in")
        if rules is None or [rule.line for rule in rules] != [_REFUSES_ALL]:
            raise unknown(f"interface {lan}: IPv6 without a filter that refuses it")
