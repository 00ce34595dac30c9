"""What the hospital's EX says about ways, read from its set lines (NW-4; the checks are ``change.switch_route``)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv4Network

from gatekit.devices.change.switch_route import Routing, StaticRoute, next_hop
from gatekit.devices.junos.text import Words, words_of


def routing(configuration: str) -> Routing:
    """Return its static routes, one for each statement, and the networks of its own addresses, e.g. on ``irb.10``."""
    said = [(line, words_of(line)) for line in configuration.splitlines()]
    return Routing(tuple(_routes(said)), tuple(_connected([words for _, words in said])))


def _routes(said: list[tuple[str, Words]]) -> Iterator[StaticRoute]:
    """Yield them; what a route has beside its next hop, a preference for one, is a statement of its own."""
    for line, words in said:
        if words[1:4] == ("routing-options", "static", "route") and ":" not in words[4]:
            is_plain = words[5:6] == ("next-hop",) and len(words) == 7
            hop = next_hop(words[6]) if is_plain else None
            yield StaticRoute(line, IPv4Network(words[4], strict=False), hop, "" if hop else " ".join(words[5:]))


def _connected(said: list[Words]) -> Iterator[IPv4Network]:
    for words in said:
        if words[:2] == ("set", "interfaces") and words[3:4] == ("unit",):
            off = {("set", *words[1:3], "disable"), ("set", *words[1:5], "disable")}
            if words[5:8] == ("family", "inet", "address") and not off & set(said):
                yield IPv4Interface(words[8]).network
