"""An AX configuration as text (vendor reference 7.2): ``!`` between blocks, two spaces inside, a changing header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute
from gatekit.devices.change.way_back import HIDDEN

_CHANGING = re.compile(r"[!#]")  # separators; `#Last modified by USER at DATE with version X`
_SECRET = re.compile(r"^(.*?\b(?:password|secret|key|community|key-string|passphrase|authentication)) .+$")
_ROUTE = re.compile(r"ip route (?P<address>[\d.]+) (?P<mask>[\d.]+) (?P<hop>\S+)(?P<rest>.*)")
_ADDRESS = re.compile(r"ip address (?P<address>[\d.]+) (?P<mask>[\d.]+)(?: secondary)?")
_ROW = re.compile(r"(?P<network>[\d.]+/\d+) +\S+ +\S+ +\d+/\d+ +(?P<protocol>\S+)")  # unverified
_CONFIGURED = frozenset({"Static", "Connected"})


def settled(shown: str) -> str:
    """Return a shown configuration without header, separators and secrets: two reads of one state are equal."""
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    kept = (line for line in lines if line and not _CHANGING.match(line.lstrip()))
    return "".join(f"{_SECRET.sub(rf'\1 {HIDDEN}', line)}\n" for line in kept)


def routing(configuration: str) -> Routing:
    """Return the static routes of the global table and the networks of the interfaces that are up."""
    return Routing(tuple(_routes(configuration)), tuple(_connected(configuration)))


def learnt(table: str) -> Iterator[LearntRoute]:
    """Yield the rows of ``show ip route`` that are neither configured nor the switch's own."""
    for line in table.splitlines():
        match = _ROW.match(line)
        if match and match["protocol"] not in _CONFIGURED:
            yield LearntRoute(IPv4Network(match["network"]), " ".join(line.split()))


def _routes(configuration: str) -> Iterator[StaticRoute]:
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line):
            network = IPv4Network(f"{match['address']}/{match['mask']}", strict=False)
            yield StaticRoute(line, network, _address(match["hop"]), match["rest"].strip())


def _address(word: str) -> IPv4Address | None:
    """Return a next hop; ``null 0`` is none."""
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def _connected(configuration: str) -> Iterator[IPv4Network]:
    """Yield the networks of the interfaces that are not shut and belong to the global table."""
    for lines in _interfaces(configuration):
        if not any(line == "shutdown" or line.startswith("vrf forwarding ") for line in lines):
            for match in filter(None, map(_ADDRESS.fullmatch, lines)):
                yield IPv4Interface(f"{match['address']}/{match['mask']}").network


def _interfaces(configuration: str) -> Iterator[list[str]]:
    """Yield the lines of each interface's section."""
    lines: list[str] | None = None
    for line in [*configuration.splitlines(), "end"]:
        if line.startswith(" ") and lines is not None:
            lines.append(line.strip())
        elif not line.startswith(" "):
            if lines is not None:
                yield lines
            lines = [] if line.startswith("interface ") else None
