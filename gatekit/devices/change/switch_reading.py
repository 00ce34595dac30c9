"""What is the same in reading every L3 switch's configuration; a product's ``reading`` brings its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from ipaddress import IPv4Interface, IPv4Network
from typing import Protocol

from gatekit.devices.change.switch_route import LearntRoute, Routing
from gatekit.devices.change.way_back import HIDDEN

NOTHING = re.compile(r"(?!)")
AT_THE_MARGIN = re.compile(r"\n(?=\S)")


class Reading(Protocol):
    """What a product's ``reading`` module says, pure."""

    def settled(self, shown: str) -> str:
        """Return a shown configuration so that two reads of one state are equal, secrets hidden."""

    def routing(self, configuration: str) -> Routing:
        """Return what a settled configuration says about ways, read on its own."""

    def learnt(self, table: str) -> Iterator[LearntRoute]:
        """Yield the rows of a shown routing table that a routing protocol brought."""


def settled_lines(shown: str, *, secrets: tuple[re.Pattern[str], ...], by_itself: re.Pattern[str] = NOTHING) -> str:
    """Return the lines that somebody configured, secrets hidden.

    ``secrets``: whole lines; what stands between the groups is the secret. ``by_itself``: how a line begins that the
    box writes of its own accord.
    """
    lines = (line.rstrip() for line in shown.replace("\r", "").splitlines())
    return "".join(f"{_hidden(line, secrets)}\n" for line in lines if line and not by_itself.match(line))


def networks_up(
    configuration: str, *, address: re.Pattern[str], elsewhere: re.Pattern[str], between: re.Pattern[str]
) -> Iterator[IPv4Network]:
    """Yield the networks of the interfaces that are not shut.

    ``address``: a line with an interface's address, in one group, or in two with its mask. ``elsewhere``: how a line
    of its section begins that takes it out of the global table. ``between``: what separates two sections.
    """
    for section in between.split(configuration):
        head, *lines = section.strip("\n").splitlines() or [""]
        held = [line.strip() for line in lines]
        if not head.startswith("interface ") or "shutdown" in held or any(map(elsewhere.match, [head, *held])):
            continue
        for found in filter(None, map(address.fullmatch, held)):
            yield IPv4Interface("/".join(found.groups())).network


def learnt_rows(table: str, *, row: re.Pattern[str], configured: AbstractSet[str]) -> Iterator[LearntRoute]:
    """Yield the rows, with groups ``network`` and ``protocol``, whose protocol is none of the ``configured`` ones."""
    for line in table.splitlines():
        found = row.match(line)
        if found and found["protocol"] not in configured:
            yield LearntRoute(IPv4Network(found["network"]), " ".join(line.split()))


def _hidden(line: str, secrets: tuple[re.Pattern[str], ...]) -> str:
    for form in secrets:
        if found := form.fullmatch(line):
            before, *after = found.groups()
            line = "".join((before, " ", HIDDEN, *after))
    return line
