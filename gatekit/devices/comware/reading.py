"""A Comware configuration as text (vendor reference 7.3): ``#`` between blocks, a blank before each global line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute
from gatekit.devices.change.way_back import HIDDEN

_SECRETS = (  # `$h$6$...` is a hash, `$c$3$...` a cipher, the rest is plain; `key` alone ends in a word of its own
    re.compile(r"^(.*\b(?:hash|cipher|simple)) \S+(.*)$"),
    re.compile(r"^(\s*snmp-agent (?:target-host .* securityname|community (?:read|write))) (?!cipher|simple)\S+(.*)$"),
)
_ROUTE = re.compile(r"ip route-static (?P<network>[\d.]+) (?P<mask>[\d.]+) (?P<rest>.+)")
_ADDRESS = re.compile(r"ip address (?P<address>[\d.]+) (?P<mask>[\d.]+)(?: sub)?")
_ROW = re.compile(r"(?P<network>[\d.]+/\d+)\s+(?P<protocol>\w+)\s+\d+\s+\d+\s+[\d.]+\s+\S+")
_CONFIGURED = frozenset({"Static", "Direct"})


def settled(shown: str) -> str:
    """Return a shown configuration without blank lines and secrets; ``#`` stays, it ends a section."""
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    return "".join(f"{_hidden(line)}\n" for line in lines if line.strip())


def routing(configuration: str) -> Routing:
    """Return the static routes of the public table and the networks of the interfaces that are up."""
    return Routing(tuple(_routes(configuration)), tuple(_connected(configuration)))


def learnt(table: str) -> Iterator[LearntRoute]:
    """Yield the rows of ``display ip routing-table`` that are neither configured nor the switch's own."""
    for line in table.splitlines():
        match = _ROW.match(line)
        if match and match["protocol"] not in _CONFIGURED:
            yield LearntRoute(IPv4Network(match["network"]), " ".join(line.split()))


def _hidden(line: str) -> str:
    for form in _SECRETS:
        line = form.sub(rf"\1 {HIDDEN}\2", line)
    return line


def _routes(configuration: str) -> Iterator[StaticRoute]:
    """Yield them; ``ip route-static vpn-instance ...`` is another table and has no address in this place."""
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line.strip()):
            network = IPv4Network(f"{match['network']}/{match['mask']}", strict=False)
            hop, _, rest = match["rest"].partition(" ")
            extra = re.sub(r"(^| )description .*$", "", rest)  # a name, and always the last
            yield StaticRoute(line.strip(), network, _address(hop), extra)


def _address(word: str) -> IPv4Address | None:
    """Return a next hop; NULL0, an interface or another VPN's next hop is none of ours."""
    try:
        return IPv4Address(word)
    except ValueError:
        return None


def _connected(configuration: str) -> Iterator[IPv4Network]:
    for section in re.split(r"^#$", configuration, flags=re.MULTILINE):
        head, *lines = section.strip("\n").splitlines() or [""]
        held = [line.strip() for line in lines]
        if not head.startswith("interface ") or "shutdown" in held:
            continue
        if any(line.startswith("ip binding vpn-instance ") for line in held):
            continue
        for match in filter(None, map(_ADDRESS.fullmatch, held)):
            yield IPv4Interface(f"{match['address']}/{match['mask']}").network
