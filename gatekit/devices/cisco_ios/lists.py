"""Access lists as the CPE has them: text to entries, order kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import NamedTuple

from gatekit.devices.cisco_ios.text import Section
from gatekit.devices.cisco_ios.words import ANY4, ANY6, port_number, take_network, wildcard_network
from gatekit.plan.flow import Network

_HEADER = re.compile(r"(?:ip access-list (?P<kind>standard|extended)|(?P<six>ipv6) access-list) (?P<name>\S+)$")
_NUMBER = re.compile(r"^\s*(?:sequence )?\d+ |^\s+")
_TAIL = re.compile(r" sequence \d+$")


class PortMatch(NamedTuple):
    """One port, or with ``above`` every port over it."""

    number: int
    above: bool = False


class Entry(NamedTuple):
    """One line of a list; ``qualifier`` is an ICMP kind or ``established``."""

    permits: bool
    protocol: str  # ip ipv6 tcp udp icmp esp
    source: Network
    destination: Network
    source_port: PortMatch | None = None
    port: PortMatch | None = None
    qualifier: str = ""


class AccessList(NamedTuple):
    """A list with its name; ``raw`` has its lines without numbers, as they compare."""

    kind: str  # standard extended ipv6
    name: str
    raw: tuple[str, ...]


def list_of(section: Section) -> AccessList | None:
    """Return the list that a section is, or None."""
    match = _HEADER.match(section.header)
    if match is None:
        return None
    lines = (_TAIL.sub("", _NUMBER.sub("", line)) for line in section.lines)
    kept = tuple(line for line in lines if not line.startswith("remark"))
    return AccessList(match["kind"] or "ipv6", match["name"], kept)


def same(one: AccessList, other: AccessList) -> bool:
    """Return whether two lists decide alike: IOS puts a standard list's hosts into an order of its own."""
    if one.kind == "standard" and all(line.startswith("permit") for line in (*one.raw, *other.raw)):
        return sorted(_plain(one.raw)) == sorted(_plain(other.raw))
    return one.raw == other.raw


def _plain(lines: Iterable[str]) -> list[str]:
    """Return standard entries in one form: older releases show a wildcard after a comma."""
    return [line.replace(", wildcard bits", "") for line in lines]


def entries(found: AccessList) -> tuple[Entry, ...]:
    """Return a list's entries in order.

    Raises:
        ValueError: the line that is not known, as its only argument.
    """
    return tuple(_entry(found.kind, line) for line in found.raw)


def _entry(kind: str, line: str) -> Entry:
    words = line.split()
    try:
        action = words.pop(0)
        if action not in {"permit", "deny"}:
            raise ValueError(line)
        if words and words[-1] in {"log", "log-input"}:
            words.pop()
        return _standard(words, action) if kind == "standard" else _extended(kind, words, action)
    except (ValueError, IndexError) as err:
        raise ValueError(line) from err


def _standard(words: list[str], action: str) -> Entry:
    first = words.pop(0)
    if first == "any":
        source: Network = ANY4
    else:
        address = words.pop(0) if first == "host" else first
        source = wildcard_network(address, words.pop(0)) if words else ip_network(address)
    _nothing_left(words)
    return Entry(action == "permit", "ip", source, ANY4)


def _extended(kind: str, words: list[str], action: str) -> Entry:
    wide = ANY6 if kind == "ipv6" else ANY4
    protocol = words.pop(0)
    if protocol not in {"ip", "ipv6", "tcp", "udp", "icmp", "esp"}:
        raise ValueError(protocol)
    source = take_network(words, any_network=wide)
    source_port = _port(words)
    destination = take_network(words, any_network=wide)
    port = _port(words)
    qualifier = ""
    if words and (protocol == "icmp" or (protocol == "tcp" and words[0] == "established")):
        qualifier = words.pop(0)
    _nothing_left(words)
    return Entry(action == "permit", protocol, source, destination, source_port, port, qualifier)


def _port(words: list[str]) -> PortMatch | None:
    if words and words[0] in {"eq", "gt"}:
        return PortMatch(above=words.pop(0) == "gt", number=port_number(words.pop(0)))
    return None


def _nothing_left(words: list[str]) -> None:
    if words:
        raise ValueError(" ".join(words))
