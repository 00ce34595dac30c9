"""What is done to a part's rendered text to see that a test turns red, and who notices.

A platform's own folder says it in ``mutations.py``: ``MUTATED``, one entry for each of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from gatekit.catalogue import products
from gatekit.devices.change.meaning import Meaning, meaning_of
from gatekit.devices.change.platform import Platform
from gatekit.errors import DeviceError
from gatekit.plan.network_device import Part

POLICY, PORT, PROPOSAL, HOP = "a policy removed", "a port opened", "a proposal weakened", "a next hop changed"
KINDS = (POLICY, PORT, PROPOSAL, HOP)
"""What has to be seen on every platform."""
ONE_ROUTE = dict.fromkeys((POLICY, PORT, PROPOSAL), "the part is one route: it filters and encrypts nothing")

type Change = Callable[[str], str]
type RouteWords = tuple[str, str, str, str, str, str, str]
"""A product's spelling of our network, another, a shorter, a longer one, a part of it, nowhere, another distance."""


@dataclass(frozen=True, slots=True)
class Mutated:
    """One part's text. ``noticed``: what a reader finds wrong in a text; empty when it is as planned.

    ``of_kind``: which of the changes is which of ``KINDS``; ``lacks``: why there is none of a kind. ``found``: what
    exactly is noticed, where the table says it.
    """

    text: str
    noticed: Callable[[str], str]
    changes: Mapping[str, Change]
    of_kind: Mapping[str, str]
    lacks: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)


@cache
def mutated() -> dict[str, Mutated]:
    """Return every platform's parts; a platform without a table is missing loudly."""
    found: dict[str, Mutated] = {}
    for platform in sorted({product.platform for product in products().values()}):
        found.update(import_module(f"tests.unit.gatekit.render.{platform}.mutations").MUTATED)
    return found


def of_reader(platform: Platform, part: Part) -> Callable[[str], str]:
    """Return what the platform's reader notices: the facts that differ from the plan, or the line it refuses."""

    def noticed(text: str) -> str:
        try:
            meaning = platform.meaning(text, part)
        except DeviceError as error:
            code, path, value, _ = error.facts
            assert code == "GW427", error  # noqa: PT017 - a reader may refuse, and in no other way
            return f"{path.partition('.')[2]}: {value}"
        wanted = meaning_of(part)
        return " ".join(name for name in Meaning.model_fields if getattr(meaning, name) != getattr(wanted, name))

    return noticed


def swap(old: str, new: str, count: int = -1) -> Change:
    """Return the change of one piece of text into another, everywhere or so many times."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, count)

    return change


def sub(pattern: str, replacement: str) -> Change:
    """Return the change of what an expression matches."""

    def change(text: str) -> str:
        assert re.search(pattern, text), pattern
        return re.sub(pattern, replacement, text)

    return change


def drop(pattern: str) -> Change:
    """Return the removal of every line that an expression matches."""

    def change(text: str) -> str:
        kept = [line for line in text.splitlines() if not re.search(pattern, line)]
        assert len(kept) < len(text.splitlines()), pattern
        return "".join(f"{line}\n" for line in kept)

    return change


def add(*lines: str) -> Change:
    """Return the addition of lines at the end."""
    return lambda text: text + "".join(f"{line}\n" for line in lines)


def of_route(platform: Platform, part: Part, ours: str, words: RouteWords) -> Mutated:
    """Return a part that is one route on an L3 switch, with what can be wrong with it."""
    return Mutated(
        text=platform.render(part),
        noticed=of_reader(platform, part),
        changes=wrong_routes(ours, words),
        of_kind={HOP: "another next hop"},
        lacks=ONE_ROUTE,
    )


def wrong_routes(ours: str, words: RouteWords) -> dict[str, Change]:
    """Return what can be wrong with our line on an L3 switch."""
    network, other, shorter, longer, inside, nowhere, distance = words
    hop = "192.168.10.5"
    elsewhere = ours.replace(hop, "192.168.10.6")
    return {
        "another next hop": swap(hop, "192.168.10.6"),
        "another network": swap(network, other),
        "a shorter network": swap(network, shorter),
        "a longer network": swap(network, longer),
        "gone": swap(ours, ""),
        "nowhere": swap(hop, nowhere),
        "another distance": swap(ours, f"{ours}{distance}"),
        "twice": add(ours),
        "a second next hop": add(elsewhere),
        "a part of it elsewhere": add(elsewhere.replace(network, inside)),
    }
