"""What the lists at the CPE's interfaces let through: to the CPE itself, through it, and never in clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.change.meaning import Permit
from gatekit.devices.cisco_ios.lists import AccessList, Entry, PortMatch, entries
from gatekit.devices.cisco_ios.unknown import unknown
from gatekit.devices.cisco_ios.words import ANY4, ANY6
from gatekit.plan.flow import Network, Protocol, Zone

_ERRORS = frozenset({"unreachable", "time-exceeded", "parameter-problem"})
_NEIGHBOURS = frozenset({"nd-na", "nd-ns", "router-advertisement", "packet-too-big"}) | _ERRORS
_TRANSLATED = PortMatch(1023, above=True)
_PREFIX_ANSWER = ("FE80::/10", 547, 546)  # RFC 8415 7.2
type Pair = tuple[Network, Network]
type Service = tuple[Network, Network, Protocol, int]


@dataclass(frozen=True, slots=True)
class Answers:
    """Where the CPE asks for time and logs: what comes back from there is no permit."""

    time: frozenset[IPv4Address]
    logs: frozenset[tuple[IPv4Address, int]]


@dataclass(frozen=True, slots=True)
class LetIn:
    """What one inward list lets through: to the CPE, whole networks, and single services."""

    to_itself: frozenset[Permit]
    pairs: frozenset[Pair]
    services: frozenset[Service]


def rows_of(name: str, lists: Mapping[str, AccessList]) -> tuple[tuple[Entry, str], ...]:
    """Return a list's entries with their lines.

    Raises:
        DeviceError: GW427 for a list that is not there (IOS then lets everything through) or a line.
    """
    if name not in lists:
        raise unknown(f"list {name}", "is not there")
    try:
        return tuple(zip(entries(lists[name]), lists[name].raw, strict=True))
    except ValueError as err:
        raise unknown(f"list {name}", str(err)) from err


def inward(
    name: str, lists: Mapping[str, AccessList], ours: IPv4Address, answers: Answers, zones: Mapping[IPv4Network, Zone]
) -> LetIn:
    """Return what an inward IPv4 list lets through; before the CPE's own address is closed nothing else may pass.

    Raises:
        DeviceError: GW427 for a line that is not known, that can never match, or that opens the CPE unseen.
    """
    itself, closed, ended = IPv4Network(ours), False, False
    permits: set[Permit] = set()
    pairs: set[Pair] = set()
    services: set[Service] = set()
    for row, line in rows_of(name, lists):
        if ended or (closed and row.destination == itself):
            raise unknown(f"list {name}", line)
        if not row.permits:
            closed = closed or _closes(row, itself)
            ended = _closes(row, ANY4)
            if not _closes(row, itself) and not ended:
                raise unknown(f"list {name}", line)
        elif row.destination == itself:
            permits |= _to_itself(row, answers, zones, f"list {name}", line)
        elif not closed:
            raise unknown(f"list {name}", line)
        elif _is_pair(row):
            pairs.add((row.source, row.destination))
        else:
            services.add(_service(row, f"list {name}", line))
    return LetIn(frozenset(permits), frozenset(pairs), frozenset(services))


def _closes(row: Entry, network: Network) -> bool:
    plain = row.source_port is None and row.port is None and not row.qualifier
    return not row.permits and row.protocol == "ip" and plain and (row.source, row.destination) == (ANY4, network)


def _is_pair(row: Entry) -> bool:
    return row.protocol == "ip"


def _service(row: Entry, section: str, line: str) -> Service:
    single = row.protocol in {"tcp", "udp"} and row.port is not None and not row.port.above
    if not single or row.source_port or row.qualifier or row.port is None:
        raise unknown(section, line)
    return row.source, row.destination, Protocol(row.protocol), row.port.number


def _to_itself(
    row: Entry, answers: Answers, zones: Mapping[IPv4Network, Zone], section: str, line: str
) -> frozenset[Permit]:
    """Return the permit of one entry, or none for an answer and for an ICMP error."""
    if row.protocol == "icmp" and row.qualifier in _ERRORS and row.source == ANY4:
        return frozenset()
    if _is_answer(row, answers):
        return frozenset()
    known = row.qualifier == "echo" if row.protocol == "icmp" else row.protocol in {"tcp", "udp"} and not row.qualifier
    if not known or row.source_port or (row.port and row.port.above):
        raise unknown(section, line)
    zone = next((zone for network, zone in zones.items() if _inside(row.source, network)), Zone.UNTRUST)
    return frozenset(
        {
            Permit(
                source_zone=zone,
                destination_zone=Zone.FIREWALL,
                source=row.source,
                destination=row.destination,
                protocol=Protocol(row.protocol),
                port=row.port.number if row.port else None,
            )
        }
    )


def _inside(one: Network, other: IPv4Network) -> bool:
    return isinstance(one, IPv4Network) and one.subnet_of(other)


def _is_answer(row: Entry, answers: Answers) -> bool:
    """Return whether it lets in what a server of ours says back: NTP speaks from port to port, TCP with ACK."""
    if not row.source_port or row.source_port.above or row.source.prefixlen != row.source.max_prefixlen:
        return False
    server, port = row.source.network_address, row.source_port
    if row.protocol == "udp":
        return server in answers.time and port == row.port and port.number == 123
    return row.qualifier == "established" and row.port is None and (server, port.number) in answers.logs


def from_line(name: str, lists: Mapping[str, AccessList], *, delegated: bool) -> frozenset[Permit]:
    """Return what the line's IPv6 list lets reach the CPE; a deny only at the end, as a higher one would hide permits.

    Raises:
        DeviceError: GW427 for a line that is neither a permit for a peer nor one of IPv6's own needs.
    """
    found: set[Permit] = set()
    rows = rows_of(name, lists)
    for number, (row, line) in enumerate(rows, start=1):
        if not row.permits:
            if number != len(rows) or (row.protocol, row.source, row.destination) != ("ipv6", ANY6, ANY6):
                raise unknown(f"list {name}", line)
        elif not _is_need(row, delegated=delegated):
            found.add(_from_peer(row, f"list {name}", line))
    return frozenset(found)


def _is_need(row: Entry, *, delegated: bool) -> bool:
    if row.protocol == "icmp":
        return row.qualifier in _NEIGHBOURS and (row.source, row.destination) == (ANY6, ANY6)
    prefix, server, client = _PREFIX_ANSWER
    ports = (row.source_port, row.port) == (PortMatch(server), PortMatch(client))
    return delegated and row.protocol == "udp" and ports and str(row.source).upper() == prefix


def _from_peer(row: Entry, section: str, line: str) -> Permit:
    known = row.protocol in {"esp", "udp", "tcp"} and not row.qualifier and row.source_port is None
    if not known or (row.port and row.port.above):
        raise unknown(section, line)
    return Permit(
        source_zone=Zone.UNTRUST,
        destination_zone=Zone.FIREWALL,
        source=row.source,
        destination=row.destination,
        protocol=Protocol(row.protocol),
        port=row.port.number if row.port else None,
    )


def refuse_clear(
    name: str,
    lists: Mapping[str, AccessList],
    protected: Iterable[IPv4Network],
    pairs: frozenset[Network],
    services: frozenset[Service],
) -> None:
    """Refuse an outward list that lets the data centre's networks out in clear, or more than what is named.

    ``pairs``: networks that anything may be sent to; ``services``: what may leave besides.

    Raises:
        DeviceError: GW427 for the line, or for the network that no line keeps in.
    """
    kept_in: set[Network] = set()
    for row, line in rows_of(name, lists):
        if not row.permits and row.source == ANY4 and row.protocol == "ip" and row.port is None:
            kept_in.add(row.destination)
            continue
        whole = row.protocol == "ip" and row.source == ANY4 and row.destination in pairs
        if not set(protected) <= kept_in or ANY4 in kept_in or not (whole or _is_named(row, services)):
            raise unknown(f"list {name}", line)
    for network in protected:
        if network not in kept_in:
            raise unknown(f"list {name}", f"{network} is not kept off the clear path")


def _is_named(row: Entry, services: frozenset[Service]) -> bool:
    plain = row.source == ANY4 and row.source_port is None and not row.qualifier
    return plain and any(
        (row.destination, row.protocol, row.port) == (there, protocol.value, PortMatch(port))
        for _, there, protocol, port in services
    )


def refuse_foreign(
    name: str, lists: Mapping[str, AccessList], inside: frozenset[Network], services: frozenset[Service], *, ipv4: bool
) -> None:
    """Refuse a line's IPv4 list that lets in more than answers: DHCP's, the other services', ICMP errors.

    Raises:
        DeviceError: GW427 for the line, or when forged packets for the networks inside are not stopped first.
    """
    stopped: set[Network] = set()
    for row, line in rows_of(name, lists):
        if not row.permits and row.protocol == "ip" and row.source == ANY4 and row.port is None:
            stopped.add(row.destination)
        elif not ipv4 or not inside <= stopped or ANY4 in stopped or not _is_returning(row, services):
            raise unknown(f"list {name}", line)
    if ANY4 not in stopped:
        raise unknown(f"list {name}", "does not end with deny ip any any")


def _is_returning(row: Entry, services: frozenset[Service]) -> bool:
    everywhere = (row.source, row.destination) == (ANY4, ANY4)
    if row.protocol == "icmp":
        return everywhere and row.qualifier in _ERRORS
    if everywhere:
        return (row.protocol, row.source_port, row.port) == ("udp", PortMatch(67), PortMatch(68))
    state = "established" if row.protocol == "tcp" else ""
    return (row.destination, row.port, row.qualifier) == (ANY4, _TRANSLATED, state) and any(
        (row.source, row.protocol, row.source_port) == (there, protocol.value, PortMatch(port))
        for _, there, protocol, port in services
    )
