"""An AlliedWare Plus configuration as text (vendor reference 7.4): ``!`` between blocks, one space inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.devices.change.switch_reading import AT_THE_MARGIN, learnt_rows, networks_up, settled_lines
from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute, next_hop

_OF_THEIR_OWN_ACCORD = re.compile(r"!|end$|Building configuration|Current configuration")
_SECRET = re.compile(r"(.*?\b(?:password|secret|key|community|key-string|passphrase|auth|priv)) \S.*")
_ROUTE = re.compile(r"ip route (?P<network>\d[\d.]*/\d+) (?P<hop>\S+)(?: (?P<extra>.+))?")
_ADDRESS = re.compile(r"ip address ([\d.]+/\d+)(?: secondary)?")
_VRF = re.compile(r"ip vrf forwarding ")
_ROW = re.compile(r"(?P<protocol>[A-Za-z])[ *][\w ]{0,4}\s*(?P<network>[\d.]+/\d+) ")
_CONFIGURED = frozenset("CS")


def settled(shown: str) -> str:
    """Return a shown configuration without separators and secrets: two reads of one state are equal."""
    return settled_lines(shown, secrets=(_SECRET,), by_itself=_OF_THEIR_OWN_ACCORD)


def routing(configuration: str) -> Routing:
    """Return the static routes of the global table and the networks of the interfaces that are up."""
    off = "no ip forwarding"
    is_off = off in configuration.splitlines()
    connected = networks_up(configuration, address=_ADDRESS, elsewhere=_VRF, between=AT_THE_MARGIN)
    return Routing(tuple(_routes(configuration)), tuple(connected), off if is_off else "")


def learnt(table: str) -> Iterator[LearntRoute]:
    """Return the rows of ``show ip route`` that are neither configured nor the switch's own.

    The global table comes first; the tables of other VRFs follow, each under a line of its own.
    """
    return learnt_rows(table.partition("\n[VRF: ")[0], row=_ROW, configured=_CONFIGURED)


def _routes(configuration: str) -> Iterator[StaticRoute]:
    """Yield them; ``ip route vrf ...`` is another table and has no address in this place."""
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line):
            network = IPv4Network(match["network"], strict=False)
            yield StaticRoute(line, network, next_hop(match["hop"]), match["extra"] or "")
