"""An AX configuration as text (vendor reference 7.2): ``!`` between blocks, two spaces inside, a changing header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network

HIDDEN = "<hidden>"
_CHANGING = re.compile(r"[!#]")  # separators; `#Last modified by USER at DATE with version X`
_SECRET = re.compile(r"^(.*?\b(?:password|secret|key|community|key-string|passphrase|authentication)) .+$")
_ROUTE = re.compile(r"ip route (?P<address>[\d.]+) (?P<mask>[\d.]+) (?P<hop>\S+)(?P<rest>.*)")
_ADDRESS = re.compile(r"ip address (?P<address>[\d.]+) (?P<mask>[\d.]+)(?: secondary)?")


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """One line ``ip route``; ``rest`` is what follows the next hop: a distance, a tag."""

    line: str
    network: IPv4Network
    hop: str
    rest: str


def settled(shown: str) -> str:
    """Return a shown configuration without header, separators and secrets: two reads of one state are equal."""
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    kept = (line for line in lines if line and not _CHANGING.match(line.lstrip()))
    return "".join(f"{_SECRET.sub(rf'\1 {HIDDEN}', line)}\n" for line in kept)


def static_routes(configuration: str) -> Iterator[StaticRoute]:
    """Yield the static routes of the global table, in order."""
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line):
            network = IPv4Network(f"{match['address']}/{match['mask']}", strict=False)
            yield StaticRoute(line, network, match["hop"], match["rest"].strip())


def connected_networks(configuration: str) -> tuple[IPv4Network, ...]:
    """Return the networks of the interfaces that are not shut and belong to the global table."""
    found: list[IPv4Network] = []
    for lines in _interfaces(configuration):
        if not any(line == "shutdown" or line.startswith("vrf forwarding ") for line in lines):
            matches = (_ADDRESS.fullmatch(line) for line in lines)
            found += [IPv4Interface(f"{one['address']}/{one['mask']}").network for one in matches if one]
    return tuple(found)


def _interfaces(configuration: str) -> Iterator[list[str]]:
    lines: list[str] | None = None
    for line in configuration.splitlines():
        if not line.startswith(" "):
            if lines is not None:
                yield lines
            lines = [] if line.startswith("interface ") else None
        elif lines is not None:
            lines.append(line.strip())
    if lines is not None:
        yield lines
