"""Schema definitions in cn=config: compared by object identifier, added or exchanged, never taken away."""

from __future__ import annotations

import re

from ..errors import NodeError
from .ldif import Change, Values

__all__ = ["DEFINITIONS", "definition_changes", "ordered", "unnumbered"]

DEFINITIONS = ("olcobjectidentifier", "olcattributetypes", "olcobjectclasses")  # in the order slapd has to learn them
_NUMBER = re.compile(rb"\A\{(-?\d+)\}")
_SPACE = re.compile(rb"\s+")
_BRACKETS = re.compile(rb"\(\s*|\s*\)")
_IDENTIFIER = re.compile(rb"\A\(?\s*([A-Za-z0-9.:-]+)")


def unnumbered(value: bytes) -> bytes:
    """Return a value of cn=config without the number slapd puts before it."""
    return _NUMBER.sub(b"", value)


def ordered(values: Values) -> Values:
    """Return numbered values in the order of their numbers, without them."""
    numbered = [
        (int(match.group(1)) if (match := _NUMBER.match(value)) else place, value) for place, value in enumerate(values)
    ]
    return tuple(unnumbered(value) for _, value in sorted(numbered, key=lambda pair: pair[0]))


def _same(definition: bytes) -> bytes:
    """Return a definition without what slapd may write differently: spaces."""
    tight = _BRACKETS.sub(lambda match: match.group().strip(), unnumbered(definition))
    return _SPACE.sub(b" ", tight).strip()


def _identifier(where: str, definition: bytes) -> bytes:
    match = _IDENTIFIER.match(unnumbered(definition).strip())
    if match is None:
        raise NodeError("GW104", where, definition[:60].decode("utf-8", "replace"), "Begin with '( <OID> '.")
    return match.group(1)


def definition_changes(where: str, attribute: str, live: Values, wanted: Values) -> tuple[Change, ...]:
    """Return what makes the live definitions contain the wanted ones; those of nobody's file stay.

    A definition that changed is exchanged in one step, since entries may use it.
    """
    by_identifier = {_identifier(where, value): value for value in live}
    changes: list[Change] = []
    new: list[bytes] = []
    for definition in wanted:
        found = by_identifier.get(_identifier(where, definition))
        if found is None:
            new.append(definition)
        elif _same(found) != _same(definition):
            changes += [Change("delete", attribute, (found,)), Change("add", attribute, (definition,))]
    return (*changes, Change("add", attribute, tuple(new))) if new else tuple(changes)
