"""A configuration's meaning, read from its text alone; the part only says which port is which.

What the plan asks and ``Meaning`` has no place for (the other services of a line, translation, the address on
the line) is compared with the part here; a difference is GW427, as a line of ours that we do not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.change import switch_route
from gatekit.devices.change.meaning import Hop, Meaning, Permit, RouteMeaning, TunnelMeaning
from gatekit.devices.cisco_ios.lists import AccessList, list_of
from gatekit.devices.cisco_ios.reading_crypto import CryptoObjects, selector_pairs, tunnel_of
from gatekit.devices.cisco_ios.reading_filters import (
    Answers,
    LetIn,
    Service,
    from_line,
    inward,
    refuse_clear,
    refuse_foreign,
    rows_of,
)
from gatekit.devices.cisco_ios.reading_interfaces import FoundInterface, interfaces_of, tunnel_interface
from gatekit.devices.cisco_ios.switch_route import routing
from gatekit.devices.cisco_ios.text import Section, sections
from gatekit.devices.cisco_ios.unknown import unknown
from gatekit.devices.cisco_ios.words import ANY4, ANY6
from gatekit.errors import DeviceError
from gatekit.plan.flow import Network, Zone
from gatekit.plan.network_device import CpePart, CpePlan, Part, SwitchRoutePlan

_ROUTE = re.compile(
    r"ip route (?P<network>\d\S+) (?P<mask>\d\S+) (?P<hop>\S+)(?: (?P<distance>\d+))?(?: name (?P<name>\S+))?$"
)
_VTY_NEUTRAL = re.compile(r" (exec-timeout |login local$|transport input ssh$|length |logging synchronous$)")
_LOGGING = re.compile(r"logging host (?P<server>\S+) transport tcp port (?P<port>\d+)$")
_NTP = re.compile(r"ntp server (?P<server>\d\S*)( prefer)?$")
_TRANSLATION = re.compile(r"ip nat inside source list (?P<list>\S+) interface (?P<port>\S+) overload$")
_CLOSED_SERVICES = re.compile(  # what opens the box, or leads packets past routes and lists that are read here
    r"ip http (secure-)?server$|ip nat (?!inside source list )|router |ip local policy |ip default-|crypto map "
)


def meaning(configuration: str, part: Part) -> Meaning:
    """Return what a configuration of ours, or the hospital's switch's around our route, means.

    Raises:
        DeviceError: GW427 for a line in a section of ours whose meaning is not known, or that has to be there.
    """
    match part:
        case CpePart():
            return _Cpe(sections(configuration), part.plan).meaning()
        case SwitchRoutePlan():
            return switch_route.meaning(routing(configuration), part)
        case _:
            raise DeviceError("GW427", "cisco_ios", part.name, "Cisco IOS is no firewall of ours; choose another.")


def static_routes(parts: Iterable[Section]) -> tuple[tuple[IPv4Network, str, int], ...]:
    """Return the static routes in order: network, next hop or interface as written, distance.

    Raises:
        DeviceError: GW427 for a form that is not known.
    """
    found: list[tuple[IPv4Network, str, int]] = []
    for part in parts:
        if part.header.startswith("ip route ") and not part.header.startswith("ip route vrf "):
            match = _ROUTE.match(part.header)
            if match is None:
                raise unknown("routes", part.header)
            network = IPv4Network(f"{match['network']}/{match['mask']}")
            found.append((network, match["hop"], int(match["distance"] or 1)))
    return tuple(found)


def _hop(word: str, line: str) -> Hop:
    if word.startswith("Tunnel"):
        return "tunnel"
    if word == "Null0":
        return "discard"
    try:
        return IPv4Address(word)
    except ValueError as err:
        raise unknown("routes", line) from err


class _Cpe:
    """One reading of a CPE's configuration."""

    def __init__(self, parts: tuple[Section, ...], plan: CpePlan) -> None:
        self.parts, self.plan = parts, plan
        found = (list_of(part) for part in parts)
        self.lists: dict[str, AccessList] = {one.name: one for one in found if one is not None}
        self.interfaces = interfaces_of(parts, wan=plan.wan.port, lan=plan.lan.port)
        self.services = _wanted_services(plan)

    def meaning(self) -> Meaning:
        for part in self.parts:
            if _CLOSED_SERVICES.match(part.header):
                raise unknown("services", part.header)
        time, logs = self._time_servers(), self._log_servers()
        tunnel, interface = self._tunnel()
        return Meaning(
            host_name=next((one.header[9:] for one in self.parts if one.header.startswith("hostname ")), ""),
            addresses=frozenset((one.name, one.address) for one in self.interfaces.values() if one.address is not None),
            permits=self._permits(Answers(time, logs), interface, tunnel),
            routes=self._routes(interface),
            tunnel=tunnel,
            management=self._management(),
            time_servers=time,
            log_servers=frozenset(server for server, _ in logs),
        )

    def _tunnel(self) -> tuple[TunnelMeaning | None, FoundInterface | None]:
        crypto = CryptoObjects(self.parts)
        found = [one for one in self.interfaces.values() if one.name.startswith("Tunnel")]
        if len(found) > 1:
            raise unknown(f"interface {found[1].name}", "is a second tunnel")
        if not found or not found[0].values:
            return None, None
        interface = found[0]
        delegated = self.plan.wan.prefix_by == "dhcpv6_pd"
        source = "Loopback10" if delegated else self.plan.wan.port
        if (interface.needs("source"), interface.needs("unnumbered")) != (source, self.plan.lan.port):
            raise unknown(f"interface {interface.name}", f"tunnel source {interface.needs('source')}")
        return tunnel_of(tunnel_interface(interface), crypto, self.lists), interface

    def _permits(
        self, answers: Answers, tunnel: FoundInterface | None, negotiated: TunnelMeaning | None
    ) -> frozenset[Permit]:
        wan, lan = self._interface(self.plan.wan.port), self._interface(self.plan.lan.port)
        zones = {self.plan.dmz: Zone.DMZ} | dict.fromkeys(self.plan.protected, Zone.DATA_CENTRE)
        ours = self.plan.lan.address
        carried = selector_pairs(tunnel.values["policy"], self.lists) if tunnel and "policy" in tunnel.values else None
        from_lan = inward(lan.needs("in"), self.lists, ours, answers, zones)
        _through(f"list {lan.needs('in')}", from_lan, carried, self.services)
        permits = from_lan.to_itself | self._line(wan)
        if tunnel is not None:
            from_tunnel = inward(tunnel.needs("in"), self.lists, ours, answers, zones)
            back = None if carried is None else frozenset((there, here) for here, there in carried)
            _through(f"list {tunnel.needs('in')}", from_tunnel, back, frozenset())
            permits |= from_tunnel.to_itself
        inside: frozenset[Network] = negotiated.local_networks if negotiated else frozenset()
        refuse_clear(wan.needs("out"), self.lists, self.plan.protected, frozenset(), self.services)
        refuse_clear(lan.needs("out"), self.lists, self.plan.protected, inside, frozenset())
        refuse_foreign(wan.needs("in"), self.lists, inside, self.services, ipv4=self.plan.wan.ipv4)
        self._translation(wan, lan)
        return permits

    def _interface(self, name: str) -> FoundInterface:
        if name not in self.interfaces:
            raise unknown(f"interface {name}", "is not there")
        return self.interfaces[name]

    def _line(self, wan: FoundInterface) -> frozenset[Permit]:
        """Return what the line may send to us; its address has to come as the plan says."""
        delegated = self.plan.wan.prefix_by == "dhcpv6_pd"
        wanted = {"router_advertisement", "link_local"} | ({"delegation"} if delegated else set())
        wanted |= {"dhcp"} if self.plan.wan.ipv4 else set()
        found = wan.values.keys() & {"router_advertisement", "link_local", "delegation", "dhcp"}
        identifier = f"FE80::{int(self.plan.wan.interface_id):X}"
        if found != wanted or wan.needs("link_local") != identifier:
            raise unknown(f"interface {wan.name}", f"address by {', '.join(sorted(found))}")
        if delegated:
            own = f"{wan.needs('delegation')} {str(self.plan.wan.interface_id).upper()}/128"
            if self._interface("Loopback10").needs("delegated") != own:
                raise unknown("interface Loopback10", self._interface("Loopback10").needs("delegated"))
        return from_line(wan.needs("in6"), self.lists, delegated=delegated)

    def _translation(self, wan: FoundInterface, lan: FoundInterface) -> None:
        """Refuse a translation of other sources than the other services', and any without such services."""
        rules = [part.header for part in self.parts if part.header.startswith("ip nat inside")]
        sides = (wan.values.get("nat"), lan.values.get("nat"))
        if not self.plan.wan.ipv4:
            if rules or sides != (None, None):
                raise unknown("translation", " ".join(rules) or str(sides))
            return
        match = _TRANSLATION.match(rules[0]) if len(rules) == 1 else None
        if match is None or match["port"] != wan.name or sides != ("outside", "inside"):
            raise unknown("translation", " ".join(rules) or "is missing")
        wanted = frozenset((source, there) for source, there, _, _ in self.services)
        if selector_pairs(match["list"], self.lists) != wanted:
            raise unknown("translation", match["list"])

    def _routes(self, tunnel: FoundInterface | None) -> frozenset[RouteMeaning]:
        rows = static_routes(self.parts)
        for network, hop, distance in rows:
            nearer = (one for one in rows if one[0] == network and one[1] == "Null0" and one[2] <= distance)
            if hop != "Null0" and next(nearer, None):
                raise unknown("routes", f"{network} is discarded although {hop} is there")
            if hop.startswith("Tunnel") and (tunnel is None or hop != tunnel.name):
                raise unknown("routes", f"{network} leads into {hop}")
        return frozenset(RouteMeaning(network=network, hop=_hop(hop, hop)) for network, hop, _ in rows)

    def _management(self) -> frozenset[IPv4Network]:
        """Return from where the terminal lines let SSH in: anywhere, when one of them has no list."""
        found: set[IPv4Network] = set()
        for part in self.parts:
            if part.header.startswith("line vty "):
                found |= self._logins(part)
        return frozenset(found)

    def _logins(self, part: Section) -> set[IPv4Network]:
        allowed: set[IPv4Network] = {ANY4}
        closed6 = False
        for line in part.lines:
            if match := re.fullmatch(r" access-class (\S+) in", line):
                rows = rows_of(match.group(1), self.lists)
                allowed = {row.source for row, _ in rows if row.permits and isinstance(row.source, IPv4Network)}
                if any(not row.permits for row, _ in rows[:-1]):
                    raise unknown(f"list {match.group(1)}", "a deny stands above a permit")
            elif match := re.fullmatch(r" ipv6 access-class (\S+) in", line):
                rows = rows_of(match.group(1), self.lists)
                closed6 = all((row.permits, row.source) == (False, ANY6) for row, _ in rows)
            elif not _VTY_NEUTRAL.match(line):
                raise unknown(part.header, line)
        for wanted in (" login local", " transport input ssh"):
            if wanted not in part.lines:
                raise unknown(part.header, f"{wanted.strip()} is missing")
        if not closed6:
            raise unknown(part.header, "IPv6 logins are not closed")
        return allowed

    def _time_servers(self) -> frozenset[IPv4Address]:
        return frozenset(IPv4Address(server) for server, _ in self._servers("ntp ", _NTP))

    def _log_servers(self) -> frozenset[tuple[IPv4Address, int]]:
        return frozenset((IPv4Address(server), int(port)) for server, port in self._servers("logging host ", _LOGGING))

    def _servers(self, start: str, form: re.Pattern[str]) -> Iterable[tuple[str, str]]:
        for part in self.parts:
            if part.header.startswith(start):
                match = form.match(part.header)
                if match is None:
                    raise unknown(start.strip(), part.header)
                yield match["server"], match.groupdict().get("port", "")


def _wanted_services(plan: CpePlan) -> frozenset[Service]:
    return frozenset(
        (source, there, flow.protocol, port)
        for flow in plan.flows
        if flow.listener == "other_service"
        for source in flow.source.networks
        for there in flow.destination.networks
        for port in flow.ports
    )


def _through(
    section: str, found: LetIn, carried: frozenset[tuple[Network, Network]] | None, services: frozenset[Service]
) -> None:
    """Refuse an inward list that lets through other networks than the tunnel carries, or other services."""
    wanted = carried or frozenset()
    for pair in sorted(found.pairs ^ wanted, key=str):
        raise unknown(section, f"{pair[0]} to {pair[1]} is let through or carried, not both")
    for service in sorted(found.services ^ services, key=str):
        source, there, protocol, port = service
        raise unknown(section, f"{source} to {there} {protocol.value} {port} is not as planned")
