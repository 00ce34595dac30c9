"""What the filter lists of an RTX let through, read in their order: the first that fits counts (8.1.25)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from gatekit.devices.change.meaning import Permit
from gatekit.errors import DeviceError
from gatekit.plan.flow import Flow, Network, Protocol, Zone
from gatekit.plan.network_device import CpePlan

FIX = "Look at the filters on the router: a list has to end in a refusal, and every filter in it must be there."
SSH = 22
_FILTER = re.compile(r"(ip|ipv6) filter (dynamic )?(\d+) (.+)")
_BINDING = re.compile(r"(ip|ipv6) (lan\d+|tunnel) secure filter (in|out) ([\d ]+?)(?: dynamic ([\d ]+))?")
_REFUSE_ALL = "reject-log * * * * *"
_CLOSED = re.compile(r"reject-log \* (\S+) \* \* \*")
_SERVICE = re.compile(r"pass (\S+) (\S+) (tcp|udp|esp|icmp) (\S+) (\S+)")
_EVERYTHING = re.compile(r"pass (\S+) (\S+) \* \* \*")
_LINE_ITSELF = frozenset({"pass * * icmp-nd * *", "pass * * icmp6 1-4 *", "pass * * udp * 546"})
"""What IPv6 and its DHCP client need; no connection begins with it."""


class Filters:
    """Every filter and every list of one configuration."""

    def __init__(self, lines: Iterable[str], plan: CpePlan) -> None:
        self.plan = plan
        self.bodies: dict[tuple[str, str], str] = {}
        self.lists: dict[tuple[str, str, str], tuple[str, str]] = {}
        for line in lines:
            if found := _FILTER.fullmatch(line):
                family, dynamic, number, body = found.groups()
                self.bodies[f"{family} dynamic" if dynamic else family, number] = body
            elif found := _BINDING.fullmatch(line):
                family, port, direction, numbers, watching = found.groups()
                self.lists[family, port, direction] = (numbers, watching or "")

    def permits(self, *, ssh: bool) -> frozenset[Permit]:
        """Return what may begin a connection to the CPE; port 22 only where the SSH server runs."""
        found = (*self._to_itself("lan"), *self._to_itself("tunnel"), *self._from_line())
        return frozenset(one for one in found if ssh or one.port != SSH)

    def never_leaves(self, network: IPv4Network, port: str) -> bool:
        """Return whether the line's port refuses everything for a network before it lets anything out."""
        for body in self.static("ip", port, "out"):
            if body.startswith("pass"):
                return False
            closed = _CLOSED.fullmatch(body)
            if closed and closed.group(1) != "*" and network.subnet_of(_ipv4(closed.group(1))):
                return True
        return False

    def tunnel_ends(self) -> tuple[frozenset[IPv4Network], frozenset[IPv4Network]]:
        """Return our networks and theirs: what the tunnel's filters let out and in, which must be the same."""
        out = set(self._pairs(self._through(self.static("ip", "tunnel", "out"))))
        back = {(ours, theirs) for theirs, ours in self._pairs(self._through(self._behind_itself("tunnel")))}
        ours, theirs = {one for one, _ in out}, {other for _, other in out}
        if out != back or len(out) != len(ours) * len(theirs):
            raise _unknown("tunnel filters: in and out are about different networks")
        return frozenset(ours), frozenset(theirs)

    def check_bindings(self) -> None:
        """See to it that nothing passes the LAN and the line but what the plan has there.

        Raises:
            DeviceError: GW427 for anything else.
        """
        lan, wan = self.plan.lan.port, self.plan.wan.port
        self._expect("ipv6", lan, "in", [])
        local = [f"pass {_spelled(network)} * * * *" for network in self.plan.tunnel.local.networks]
        if sorted(self._behind_itself("lan")) != sorted(local):
            raise _unknown(f"ip {lan} secure filter in")
        dhcp = self.plan.wan.ipv4
        self._expect("ip", wan, "in", ["pass * * udp 67 68"] if dhcp else [])
        others = list(_other_services(self.plan))
        passes = [f"pass {source} {destination} {name} * {ports}" for source, destination, name, ports in others]
        out = [body for body in self.static("ip", wan, "out") if not _CLOSED.fullmatch(body)]
        if sorted(out) != sorted([*(["pass * * udp 68 67"] if dhcp else []), *passes]):
            raise _unknown(f"ip {wan} secure filter out")
        watched = sorted(f"{source} {destination} {name}" for source, destination, name, _ in others)
        if sorted(self._dynamic(wan)) != watched:
            raise _unknown(f"ip {wan} secure filter out dynamic")
        asked = {f"{self.plan.lan.address} {server} ntp" for server in _servers(self.plan)}
        if not asked.issuperset(self._dynamic("tunnel")):
            raise _unknown("ip tunnel secure filter out dynamic")
        if set(self.lists) != set(_places(lan, wan)):
            raise _unknown(", ".join(" ".join(one) for one in set(self.lists) ^ set(_places(lan, wan))))

    def static(self, family: str, port: str, direction: str) -> list[str]:
        """Return the filters of a list in their order, without the refusal that must stand at the end."""
        if (family, port, direction) not in self.lists:
            raise _unknown(f"{family} {port} secure filter {direction}: no list, everything passes")
        bodies = [self._body(family, number) for number in self.lists[family, port, direction][0].split()]
        if bodies[-1] != _REFUSE_ALL:
            raise _unknown(f"{family} {port} secure filter {direction}: {bodies[-1]}")
        return bodies[:-1]

    def _dynamic(self, port: str) -> list[str]:
        return [self._body("ip dynamic", number) for number in self.lists["ip", port, "out"][1].split()]

    def _body(self, family: str, number: str) -> str:
        if (family, number) not in self.bodies:
            raise _unknown(f"{family} filter {number}: not there, fits nothing")
        return self.bodies[family, number]

    def _expect(self, family: str, port: str, direction: str, bodies: list[str]) -> None:
        if self.static(family, port, direction) != bodies:
            raise _unknown(f"{family} {port} secure filter {direction}")

    def _split(self, side: str) -> tuple[list[str], list[str]]:
        """Return the filters before and after the one that closes the CPE's own address."""
        port = self.plan.lan.port if side == "lan" else side
        bodies = self.static("ip", port, "in")
        closing = f"reject-log * {self.plan.lan.address} * * *"
        if closing not in bodies:
            raise _unknown(f"ip {port} secure filter in: nothing closes the CPE itself")
        place = bodies.index(closing)
        return bodies[:place], bodies[place + 1 :]

    def _behind_itself(self, side: str) -> list[str]:
        return self._split(side)[1]

    def _to_itself(self, side: str) -> Iterator[Permit]:
        zone = Zone.DMZ if side == "lan" else Zone.DATA_CENTRE
        itself = str(self.plan.lan.address)
        for body in self._split(side)[0]:
            if re.fullmatch(rf"pass \S+ {re.escape(itself)} icmp-error \* \*", body):
                continue
            if f" {itself} " not in body:
                raise _unknown(body)
            yield from _permits(body, zone)

    def _from_line(self) -> Iterator[Permit]:
        for body in self.static("ipv6", self.plan.wan.port, "in"):
            if body not in _LINE_ITSELF:
                yield from _permits(body, Zone.UNTRUST)

    def _through(self, bodies: list[str]) -> list[str]:
        for body in bodies:
            if not _EVERYTHING.fullmatch(body):
                raise _unknown(body)
        return bodies

    def _pairs(self, bodies: list[str]) -> Iterator[tuple[IPv4Network, IPv4Network]]:
        for body in bodies:
            _, source, destination, *_ = body.split()
            yield _ipv4(source), _ipv4(destination)


def _places(lan: str, wan: str) -> Iterator[tuple[str, str, str]]:
    yield from (("ip", lan, "in"), ("ipv6", lan, "in"), ("ip", wan, "in"), ("ip", wan, "out"))
    yield from (("ipv6", wan, "in"), ("ip", "tunnel", "in"), ("ip", "tunnel", "out"))


def _permits(body: str, zone: Zone) -> Iterator[Permit]:
    found = _SERVICE.fullmatch(body)
    if found is None:
        raise _unknown(body)
    source, destination, protocol, first, second = found.groups()
    if protocol == "icmp" and (first, second) != ("8", "*"):
        raise _unknown(body)
    if protocol == "esp" and (first, second) != ("*", "*"):
        raise _unknown(body)
    if protocol in {"tcp", "udp"} and (first != "*" or not re.fullmatch(r"\d+(?:,\d+)*", second)):
        raise _unknown(body)
    ports = [int(word) for word in second.split(",")] if protocol in {"tcp", "udp"} else [None]
    for port in ports:
        yield Permit(
            source_zone=zone,
            destination_zone=Zone.FIREWALL,
            source=_network(source, zone),
            destination=_network(destination, zone),
            protocol=Protocol(protocol),
            port=port,
        )


def _network(word: str, zone: Zone) -> Network:
    """Return the network a filter names; an asterisk is everything of the family that the zone speaks."""
    if word == "*":
        return IPv6Network("::/0") if zone is Zone.UNTRUST else IPv4Network("0.0.0.0/0")
    return ip_network(word)


def _ipv4(word: str) -> IPv4Network:
    return IPv4Network("0.0.0.0/0") if word == "*" else IPv4Network(word)


def _spelled(network: Network) -> str:
    return str(network.network_address if network.num_addresses == 1 else network)


def _other_services(plan: CpePlan) -> Iterator[tuple[str, str, str, str]]:
    """Yield source, destination, protocol and ports of what the line carries in clear (VPN-1)."""
    for flow in plan.flows:
        if "cpe" in flow.route[1:-1] and "data_centre_gateway" not in flow.route and "line" in flow.route:
            for source, destination in _ends(flow):
                yield source, destination, flow.protocol.value, ",".join(map(str, flow.ports))


def _ends(flow: Flow) -> Iterator[tuple[str, str]]:
    for source in flow.source.networks:
        for destination in flow.destination.networks:
            yield _spelled(source), _spelled(destination)


def _servers(plan: CpePlan) -> Iterator[IPv4Address]:
    for flow in plan.flows:
        if flow.route[0] == "cpe" and flow.listener == "ntp":
            yield from (network.network_address for network in flow.destination.ipv4_networks)


def _unknown(what: str) -> DeviceError:
    return DeviceError("GW427", "cpe.configuration", what, FIX)
