"""An AlliedWare Plus configuration as text (vendor reference 7.4): ``!`` between blocks, one space inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute
from gatekit.devices.change.way_back import HIDDEN

_OF_THEIR_OWN_ACCORD = re.compile(r"!|end$|Building configuration|Current configuration")
_SECRET = re.compile(r"^(.*?\b(?:password|secret|key|community|key-string|passphrase|auth|priv)) \S.*$")
_ROUTE = re.compile(r"ip route (?P<network>\d[\d.]*/\d+) (?P<hop>\S+)(?: (?P<extra>.+))?")
_ADDRESS = re.compile(r"ip address (?P<address>[\d.]+/\d+)(?: secondary)?")
_ROW = re.compile(r"(?P<protocol>[A-Za-z])[ *][\w ]{0,4}\s*(?P<network>[\d.]+/\d+) ")
_CONFIGURED = frozenset("CS")


def settled(shown: str) -> str:
    """Return a shown configuration without separators and secrets: two reads of one state are equal."""
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    kept = (line for line in lines if line.strip() and not _OF_THEIR_OWN_ACCORD.match(line))
    return "".join(f"{_SECRET.sub(rf'\1 {HIDDEN}', line)}\n" for line in kept)


def routing(configuration: str) -> Routing:
    """Return the static routes of the global table and the networks of the interfaces that are up."""
    off = "no ip forwarding"
    is_off = off in configuration.splitlines()
    return Routing(tuple(_routes(configuration)), tuple(_connected(configuration)), off if is_off else "")


def learnt(table: str) -> Iterator[LearntRoute]:
    """Yield the rows of ``show ip route`` that are neither configured nor the switch's own.

    The global table comes first; the tables of other VRFs follow, each under a line of its own.
    """
    for line in table.partition("\n[VRF: ")[0].splitlines():
        match = _ROW.match(line)
        if match and match["protocol"] not in _CONFIGURED:
            yield LearntRoute(IPv4Network(match["network"]), " ".join(line.split()))


def _routes(configuration: str) -> Iterator[StaticRoute]:
    """Yield them; ``ip route vrf ...`` is another table and has no address in this place."""
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line):
            network = IPv4Network(match["network"], strict=False)
            yield StaticRoute(line, network, _address(match["hop"]), match["extra"] or "")


def _address(word: str) -> IPv4Address | None:
    """Return a next hop; null or an interface is none."""
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def _connected(configuration: str) -> Iterator[IPv4Network]:
    for section in re.split(r"\n(?=\S)", configuration):
        head, *lines = section.splitlines() or [""]
        held = [line.strip() for line in lines]
        if not head.startswith("interface ") or "shutdown" in held:
            continue
        if any(line.startswith("ip vrf forwarding ") for line in held):
            continue
        for match in filter(None, map(_ADDRESS.fullmatch, held)):
            yield IPv4Interface(match["address"]).network
