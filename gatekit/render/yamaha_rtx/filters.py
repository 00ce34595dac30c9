"""Numbered filters of an RTX: a number follows from what its filter says.

So a filter is never redefined while a list uses it: a change brings new numbers, one line binds the new list at
once, and the old filters go afterwards. Forms: Yamaha command reference 8.1.10, 8.1.14, 8.1.25, 30.7.1, 30.7.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from zlib import crc32

from gatekit.errors import RenderError
from gatekit.plan.flow import Network

LOWEST, NUMBERS = 100_000, 900_000  # of 1 .. 21474836
MOST_IN_A_LIST = 129  # static and dynamic together, on the smaller models
ANY = "*"


class FilterBook:
    """Every filter of one configuration; the same text gets the same number, whoever asks for it."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, int], str] = {}

    def ip(self, body: str) -> int:
        """Return the number of an IPv4 filter, such as ``pass 10.0.0.0/8 * tcp * 22``."""
        return self._number("ip filter", body)

    def dynamic(self, body: str) -> int:
        """Return the number of an IPv4 filter that lets the answers of what it sees back in."""
        return self._number("ip filter dynamic", body)

    def ipv6(self, body: str) -> int:
        """Return the number of an IPv6 filter."""
        return self._number("ipv6 filter", body)

    def lines(self, kind: str) -> list[str]:
        """Return the definitions of one kind, ascending."""
        return [f"{kind} {number} {body}" for (of, number), body in sorted(self._lines.items()) if of == kind]

    def _number(self, kind: str, body: str) -> int:
        number = LOWEST + crc32(f"{kind} {body}".encode()) % NUMBERS
        while self._lines.get((kind, number), body) != body:
            number = LOWEST + (number + 1 - LOWEST) % NUMBERS
        self._lines[kind, number] = body
        return number


def binding(command: str, static: Iterable[int], dynamic: Iterable[int] = ()) -> str:
    """Return the line that puts a list in force.

    Raises:
        RenderError: GW302 when the list is longer than the smaller models take.
    """
    fixed, watching = list(static), list(dynamic)
    if len(fixed) + len(watching) > MOST_IN_A_LIST:
        fix = f"An RTX takes {MOST_IN_A_LIST} filters a list: join networks that lie side by side in the site file."
        raise RenderError("GW302", f"cpe.{command}", len(fixed) + len(watching), fix)
    tail = f" dynamic {_spaced(watching)}" if watching else ""
    return f"{command} {_spaced(fixed)}{tail}"


def address(network: Network | IPv4Address | IPv6Address) -> str:
    """Return a network as filters spell it: a host without its prefix length, everything as an asterisk."""
    if isinstance(network, IPv4Network | IPv6Network):
        if network.prefixlen == 0:
            return ANY
        return str(network.network_address if network.prefixlen == network.max_prefixlen else network)
    return str(network)


def _spaced(numbers: Iterable[int]) -> str:
    return " ".join(str(number) for number in numbers)
