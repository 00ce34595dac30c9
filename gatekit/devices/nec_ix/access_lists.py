"""What the lines of an IX access list let begin (vendor reference 4.1); IPv4 and IPv6 in one grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal

from gatekit.devices.change.meaning import Permit
from gatekit.errors import DeviceError
from gatekit.plan.flow import Network, Protocol, Zone

ANY4, ANY6 = IPv4Network("0.0.0.0/0"), IPv6Network("::/0")
UNKNOWN = (
    "Remove the line on the device, or let gatekit put its own lines back; it will not guess what it lets through."
)
_PORTS = r"any|eq \d+|range \d+ \d+"
_RULE = re.compile(
    rf"(?P<action>permit|deny) (?P<protocol>ip|tcp|udp|icmp(?: type \d+)?|\d+) src (?P<source>\S+)"
    rf"(?: sport (?P<sport>{_PORTS}))? dest (?P<destination>\S+)(?: dport (?P<dport>{_PORTS}))?"
)
_ECHO_REQUEST = {"ip": "icmp type 8", "ipv6": "icmp type 128"}
_PROTOCOLS = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "50": Protocol.ESP, "icmp": Protocol.ICMP}
type Family = Literal["ip", "ipv6"]


def unknown(line: str) -> DeviceError:
    """Return the error for a line in a section of ours that says something we do not know."""
    return DeviceError("GW427", "cpe.configuration", line, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of an access list; ``sport`` and ``dport`` as written, ``any`` where nothing is."""

    line: str
    family: Family
    permits: bool
    protocol: str
    source: Network
    sport: str
    destination: Network
    dport: str


def rule_of(family: Family, line: str) -> Rule:
    """Return what a line says; ``line`` begins with ``permit`` or ``deny``.

    Raises:
        DeviceError: GW427 when it is not of the known grammar.
    """
    match = _RULE.fullmatch(line)
    if match is None:
        raise unknown(line)
    return Rule(
        line=line,
        family=family,
        permits=match["action"] == "permit",
        protocol=match["protocol"],
        source=_network(family, match["source"], line),
        sport=match["sport"] or "any",
        destination=_network(family, match["destination"], line),
        dport=match["dport"] or "any",
    )


def _network(family: Family, word: str, line: str) -> Network:
    anything: Network = ANY4 if family == "ip" else ANY6
    if word == "any":
        return anything
    try:
        network = ip_network(word)
    except ValueError:
        raise unknown(line) from None
    if network.version != anything.version:
        raise unknown(line)
    return network


def permits_to_itself(rule: Rule, zone: Zone, own: Network) -> Iterator[Permit]:
    """Yield what a permitting rule lets begin towards the box's own address.

    Raises:
        DeviceError: GW427 for a match that no permit of ours can say, such as a range of ports.
    """
    if rule.sport != "any" or not rule.permits:
        raise unknown(rule.line)
    for protocol, port in _services(rule):
        yield Permit(
            source_zone=zone,
            destination_zone=Zone.FIREWALL,
            source=rule.source,
            destination=own,
            protocol=protocol,
            port=port,
        )


def everything(zone: Zone, source: Network, own: Network) -> Iterator[Permit]:
    """Yield what reaches the box where no filter stands."""
    family: Family = "ip" if source.version == 4 else "ipv6"
    yield from permits_to_itself(Rule("no filter", family, True, "ip", source, "any", own, "any"), zone, own)


def _services(rule: Rule) -> Iterator[tuple[Protocol, int | None]]:
    if rule.protocol == "ip":
        yield from ((protocol, None) for protocol in Protocol)
    elif rule.protocol == _ECHO_REQUEST[rule.family]:
        yield Protocol.ICMP, None
    elif rule.protocol in _PROTOCOLS:
        yield _PROTOCOLS[rule.protocol], _port(rule)
    else:
        raise unknown(rule.line)


def _port(rule: Rule) -> int | None:
    if rule.dport == "any":
        return None
    if not rule.dport.startswith("eq "):
        raise unknown(rule.line)
    return int(rule.dport.removeprefix("eq "))
