"""An AOS-CX configuration as text (vendor reference 7.6): comments with ``!``, four spaces inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute
from gatekit.devices.change.way_back import HIDDEN

_OF_THEIR_OWN_ACCORD = re.compile(r"!|(?:Current|Startup) configuration:")
_SECRETS = (
    re.compile(r"^(.*\b(?:ciphertext|plaintext)) \S.*$"),
    re.compile(r"^(\s*snmp-server community) \S.*$"),
)
_ROUTE = re.compile(r"ip route (?P<network>\d[\d.]*/\d+) (?P<hop>\S+)(?: (?P<rest>.+))?")
_ADDRESS = re.compile(r"ip address (?P<address>[\d.]+/\d+)(?: secondary)?")
_VRF = re.compile(r"(?:^| )vrf (?P<name>\S+)")
_NETWORK = re.compile(r"(?P<network>[\d.]+/\d+), +vrf (?P<vrf>\S+)")
_WAY = re.compile(r"\s+via\s+.*,\s+\[\S+\],\s+(?P<protocol>\w+)")
_ROW = re.compile(r"(?P<network>[\d.]+/\d+)\s+\S+\s+\S+\s+\S+\s+(?P<protocol>[A-Z])(?:/\S+)?\s+\[")  # newer releases
_CONFIGURED = frozenset({"static", "connected", "local", "C", "S", "L"})


def settled(shown: str) -> str:
    """Return a shown configuration without header, comments and secrets: two reads of one state are equal."""
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    return "".join(f"{_hidden(line)}\n" for line in lines if line.strip() and not _OF_THEIR_OWN_ACCORD.match(line))


def routing(configuration: str) -> Routing:
    """Return the static routes of the default VRF and the networks of its interfaces that are up."""
    return Routing(tuple(_routes(configuration)), tuple(_connected(configuration)))


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


def _hidden(line: str) -> str:
    for form in _SECRETS:
        line = form.sub(rf"\1 {HIDDEN}", line)
    return line


def _routes(configuration: str) -> Iterator[StaticRoute]:
    for line in configuration.splitlines():
        match = _ROUTE.fullmatch(line)
        if match is None:
            continue
        vrf = _VRF.search(match["rest"] or "")
        if vrf is None or vrf["name"] == "default":
            extra = _VRF.sub("", match["rest"] or "").strip()
            yield StaticRoute(line, IPv4Network(match["network"], strict=False), _address(match["hop"]), extra)


def _address(word: str) -> IPv4Address | None:
    """Return a next hop; blackhole, nullroute, reject or an interface is none."""
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def _connected(configuration: str) -> Iterator[IPv4Network]:
    for section in re.split(r"\n(?=\S)", configuration):
        head, *lines = section.splitlines() or [""]
        held = [line.strip() for line in lines]
        if not head.startswith("interface ") or head == "interface mgmt" or "shutdown" in held:
            continue
        if any(line.startswith("vrf attach ") and line != "vrf attach default" for line in held):
            continue
        for match in filter(None, map(_ADDRESS.fullmatch, held)):
            yield IPv4Interface(match["address"]).network
