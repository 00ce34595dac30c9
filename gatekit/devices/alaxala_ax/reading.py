"""An AX configuration as text (vendor reference 7.2): ``!`` between blocks, two spaces inside, a changing header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.devices.change.switch_reading import AT_THE_MARGIN, learnt_rows, networks_up, settled_lines
from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute, next_hop

_CHANGING = re.compile(r"\s*[!#]")  # separators; `#Last modified by USER at DATE with version X`
_SECRET = re.compile(r"(.*?\b(?:password|secret|key|community|key-string|passphrase|authentication)) .+")
_ROUTE = re.compile(r"ip route (?P<address>[\d.]+) (?P<mask>[\d.]+) (?P<hop>\S+)(?P<rest>.*)")
_ADDRESS = re.compile(r"ip address ([\d.]+) ([\d.]+)(?: secondary)?")
_VRF = re.compile(r"vrf forwarding ")
_ROW = re.compile(r"(?P<network>[\d.]+/\d+) +\S+ +\S+ +\d+/\d+ +(?P<protocol>\S+)")  # unverified
_CONFIGURED = frozenset({"Static", "Connected"})


def settled(shown: str) -> str:
    """Return a shown configuration without header, separators and secrets: two reads of one state are equal."""
    return settled_lines(shown, secrets=(_SECRET,), by_itself=_CHANGING)


def routing(configuration: str) -> Routing:
    """Return the static routes of the global table and the networks of the interfaces that are up."""
    connected = networks_up(configuration, address=_ADDRESS, elsewhere=_VRF, between=AT_THE_MARGIN)
    return Routing(tuple(_routes(configuration)), tuple(connected))


def learnt(table: str) -> Iterator[LearntRoute]:
    """Return the rows of ``show ip route`` that are neither configured nor the switch's own."""
    return learnt_rows(table, row=_ROW, configured=_CONFIGURED)


def _routes(configuration: str) -> Iterator[StaticRoute]:
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line):
            network = IPv4Network(f"{match['address']}/{match['mask']}", strict=False)
            yield StaticRoute(line, network, next_hop(match["hop"]), match["rest"].strip())
