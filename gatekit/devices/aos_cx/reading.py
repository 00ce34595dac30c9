"""An AOS-CX configuration as text (vendor reference 7.6): comments with ``!``, four spaces inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.devices.change.switch_reading import AT_THE_MARGIN, networks_up, settled_lines
from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute, next_hop

_OF_THEIR_OWN_ACCORD = re.compile(r"!|(?:Current|Startup) configuration:")
_SECRETS = (
    re.compile(r"(.*\b(?:ciphertext|plaintext)) \S.*"),
    re.compile(r"(\s*snmp-server community) \S.*"),
)
_ROUTE = re.compile(r"ip route (?P<network>\d[\d.]*/\d+) (?P<hop>\S+)(?: (?P<rest>.+))?")
_ADDRESS = re.compile(r"ip address ([\d.]+/\d+)(?: secondary)?")
_ELSEWHERE = re.compile(r"interface mgmt$|vrf attach (?!default$)")
_VRF = re.compile(r"(?:^| )vrf (?P<name>\S+)")
_NETWORK = re.compile(r"(?P<network>[\d.]+/\d+), +vrf (?P<vrf>\S+)")
_WAY = re.compile(r"\s+via\s+.*,\s+\[\S+\],\s+(?P<protocol>\w+)")
_ROW = re.compile(r"(?P<network>[\d.]+/\d+)\s+\S+\s+\S+\s+\S+\s+(?P<protocol>[A-Z])(?:/\S+)?\s+\[")  # newer releases
_CONFIGURED = frozenset({"static", "connected", "local", "C", "S", "L"})


def settled(shown: str) -> str:
    """Return a shown configuration without header, comments and secrets: two reads of one state are equal."""
    return settled_lines(shown, secrets=_SECRETS, by_itself=_OF_THEIR_OWN_ACCORD)


def routing(configuration: str) -> Routing:
    """Return the static routes of the default VRF and the networks of its interfaces that are up."""
    connected = networks_up(configuration, address=_ADDRESS, elsewhere=_ELSEWHERE, between=AT_THE_MARGIN)
    return Routing(tuple(_routes(configuration)), tuple(connected))


def learnt(table: str) -> Iterator[LearntRoute]:
    """Yield what in ``show ip route`` is neither configured nor the switch's own; a network has lines of its own."""
    network = ""
    for line in table.splitlines():
        if head := _NETWORK.match(line):
            network = head["network"] if head["vrf"] == "default" else ""
        match = _ROW.match(line) or (_WAY.match(line) if network else None)
        if match and match["protocol"] not in _CONFIGURED:
            where = match.groupdict().get("network") or network
            yield LearntRoute(IPv4Network(where), f"{where} {' '.join(line.split())}")


def _routes(configuration: str) -> Iterator[StaticRoute]:
    for line in configuration.splitlines():
        match = _ROUTE.fullmatch(line)
        if match is None:
            continue
        vrf = _VRF.search(match["rest"] or "")
        if vrf is None or vrf["name"] == "default":
            extra = _VRF.sub("", match["rest"] or "").strip()
            yield StaticRoute(line, IPv4Network(match["network"], strict=False), next_hop(match["hop"]), extra)
