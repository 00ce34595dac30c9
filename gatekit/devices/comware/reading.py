"""A Comware configuration as text (vendor reference 7.3): ``#`` between blocks, a blank before each global line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.devices.change.switch_reading import learnt_rows, networks_up, settled_lines
from gatekit.devices.change.switch_route import LearntRoute, Routing, StaticRoute, next_hop

_SECRETS = (  # `$h$6$...` is a hash, `$c$3$...` a cipher, the rest is plain; `key` alone ends in a word of its own
    re.compile(r"(.*\b(?:hash|cipher|simple)) \S+(.*)"),
    re.compile(r"(\s*snmp-agent (?:target-host .* securityname|community (?:read|write))) (?!cipher|simple)\S+(.*)"),
)
_ROUTE = re.compile(r"ip route-static (?P<network>[\d.]+) (?P<mask>[\d.]+) (?P<rest>.+)")
_ADDRESS = re.compile(r"ip address ([\d.]+) ([\d.]+)(?: sub)?")
_VPN = re.compile(r"ip binding vpn-instance ")
_END = re.compile(r"^#$", re.MULTILINE)  # of a section: global lines are indented too
_ROW = re.compile(r"(?P<network>[\d.]+/\d+)\s+(?P<protocol>\w+)\s+\d+\s+\d+\s+[\d.]+\s+\S+")
_CONFIGURED = frozenset({"Static", "Direct"})


def settled(shown: str) -> str:
    """Return a shown configuration without blank lines and secrets; ``#`` stays, it ends a section."""
    return settled_lines(shown, secrets=_SECRETS)


def routing(configuration: str) -> Routing:
    """Return the static routes of the public table and the networks of the interfaces that are up."""
    connected = networks_up(configuration, address=_ADDRESS, elsewhere=_VPN, between=_END)
    return Routing(tuple(_routes(configuration)), tuple(connected))


def learnt(table: str) -> Iterator[LearntRoute]:
    """Return the rows of ``display ip routing-table`` that are neither configured nor the switch's own."""
    return learnt_rows(table, row=_ROW, configured=_CONFIGURED)


def _routes(configuration: str) -> Iterator[StaticRoute]:
    """Yield them; ``ip route-static vpn-instance ...`` is another table and has no address in this place."""
    for line in configuration.splitlines():
        if match := _ROUTE.fullmatch(line.strip()):
            network = IPv4Network(f"{match['network']}/{match['mask']}", strict=False)
            hop, _, rest = match["rest"].partition(" ")
            extra = re.sub(r"(^| )description .*$", "", rest)  # a name, and always the last
            yield StaticRoute(line.strip(), network, next_hop(hop), extra)
