"""What a directory has to hold, folded from LDIF sources in their order: later ones win, attribute by attribute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ..errors import NodeError
from . import names
from .ldif import Change, Record, Values

__all__ = ["Entry", "Ownership", "fold"]

Ownership = Literal["attributes", "entry", "existence"]
"""Whose an entry is once it is there.

attributes: those the source names have exactly its values; whatever else stands in the entry is somebody else's.
entry: the whole entry is ours; an attribute the source does not name is removed.
existence: it has to be there; what it holds is its users' business.
"""


@dataclass
class Entry:
    """One wanted entry; ``whole`` is false when sources only change attributes of an entry they do not bring."""

    dn: str
    where: str
    whole: bool
    ownership: Ownership
    attributes: dict[str, tuple[str, Values]] = field(default_factory=dict)  # by lower-case name
    enforced: set[str] = field(default_factory=set)  # of an entry of ownership "existence": what later sources own


def fold(sources: Iterable[tuple[Ownership, Iterable[Record]]]) -> dict[str, Entry]:
    """Return the wanted entries by the key of their name, in the order of their first mention.

    Raises:
        NodeError: GW111 an entry given twice by one source, GW104 a change that only makes sense once.
    """
    wanted: dict[str, Entry] = {}
    for ownership, records in sources:
        added: set[str] = set()
        for record in records:
            key = names.key(record.dn)
            if record.verb == "delete":
                raise _once(record, "changetype: delete", "Name entries that have to go in the option absent.")
            if record.verb == "add":
                if key in added:
                    raise NodeError("GW111", record.where, record.dn, "Give each entry once in a source.")
                added.add(key)
                _lay(wanted, key, record, ownership)
            else:
                _change(wanted, key, record)
    return wanted


def _once(record: Record, value: str, fix: str) -> NodeError:
    return NodeError("GW104", record.where, value, fix)


def _lay(wanted: dict[str, Entry], key: str, record: Record, ownership: Ownership) -> None:
    entry = wanted.setdefault(key, Entry(record.dn, record.where, whole=True, ownership=ownership))
    later = bool(entry.attributes)
    entry.whole = True
    for spelling, values in record.attributes:
        name = spelling.lower()
        entry.attributes[name] = (spelling, _joined(entry, name, values) if name == "objectclass" else values)
        if later and ownership != "existence":
            entry.enforced.add(name)


def _joined(entry: Entry, name: str, values: Values) -> Values:
    """Return the classes of all sources together: a later source adds a class, it does not take one away."""
    earlier = entry.attributes.get(name, ("", ()))[1]
    known = {value.lower() for value in earlier}
    return earlier + tuple(value for value in values if value.lower() not in known)


def _change(wanted: dict[str, Entry], key: str, record: Record) -> None:
    entry = wanted.setdefault(key, Entry(record.dn, record.where, whole=False, ownership="attributes"))
    for change in record.changes:
        name = change.attribute.lower()
        if not entry.whole and change.verb != "replace" and (change.verb == "add" or change.values):
            fix = "Use 'replace:' with all values: a change that counts on earlier values cannot be repeated."
            raise _once(record, f"{change.verb}: {change.attribute}", fix)
        before = entry.attributes.get(name, (change.attribute, ()))[1]
        entry.attributes[name] = (change.attribute, _after(before, change))
        entry.enforced.add(name)


def _after(before: Values, change: Change) -> Values:
    if change.verb == "replace":
        return change.values
    if change.verb == "add":
        return before + tuple(value for value in change.values if value not in before)
    return tuple(value for value in before if value not in change.values) if change.values else ()
