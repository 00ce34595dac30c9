"""From wanted and live entries to the one change set; nothing is touched here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import changes
from ..errors import NodeError
from . import names
from .ldif import Change, Record, Values
from .schema import DEFINITIONS, definition_changes, ordered
from .wanted import Entry

__all__ = ["EntryChange", "Live", "plan"]

Live = Mapping[str, tuple[str, Mapping[str, tuple[str, Values]]]]
"""Entries of the server by key: the name as it spells it, and its attributes by lower-case name."""

_SECRET = re.compile(r"(?:pin|pw|password|passwd|secret|credentials)\Z", re.IGNORECASE)
_CONFIGURATION = "cn=config"
_SHOWN_IN_FULL = 40  # entries; a first import has more than anybody reads


@dataclass(frozen=True)
class EntryChange(changes.Change):
    """What has to be sent, in order: configuration first, then removals, then entries from the top."""

    configuration: tuple[Record, ...]
    content: tuple[Record, ...]

    @property
    def changed(self) -> bool:
        """Return whether something has to be sent."""
        return bool(self.configuration or self.content)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many entries are added, modified and deleted."""
        verbs = [record.verb for record in (*self.configuration, *self.content)]
        return {"added": verbs.count("add"), "modified": verbs.count("modify"), "deleted": verbs.count("delete")}


def plan(wanted: Mapping[str, Entry], absent: Iterable[str], live: Live, *, predict: bool = False) -> EntryChange:
    """Return the change that makes the live entries what the wanted ones say.

    Args:
        wanted: by key, from ``wanted.fold``.
        absent: names of entries that have to go, with everything below them; one whose first part ends in ``*``
            stands for every entry of that form that no source wants.
        live: what one search found.
        predict: whether an entry that is only changed may be missing, since check mode did not add it.
    Raises:
        NodeError: GW407 when an attribute of an entry has to change that is neither live nor wanted,
            GW409 when an entry is wanted and has to be absent.
    """
    gone = _gone(absent, wanted, live)
    records = [*gone]
    for key, entry in wanted.items():
        record = _record(key, entry, live, predict=predict)
        if record is not None:
            records.append(record)
    configuration: list[Record] = []
    content: list[Record] = []
    for record in records:
        (configuration if names.within(record.dn, _CONFIGURATION) else content).append(record)
    content.sort(
        key=lambda record: (0, -names.depth(record.dn)) if record.verb == "delete" else (1, names.depth(record.dn))
    )
    before, after = _shown(records, live)
    return EntryChange(before, after, tuple(configuration), tuple(content))


def _gone(absent: Iterable[str], wanted: Mapping[str, Entry], live: Live) -> list[Record]:
    rows = []
    for root in _roots(absent, wanted, live):
        for key, entry in wanted.items():
            if names.within(key, root):
                raise NodeError("GW409", f"absent.{root}", entry.dn, f"{entry.where} wants it; say one of the two.")
        rows += [Record("absent", dn, "delete") for dn, _ in live.values() if names.within(dn, root)]
    return list({record.dn: record for record in rows}.values())


def _roots(absent: Iterable[str], wanted: Mapping[str, Entry], live: Live) -> Iterator[str]:
    """Yield the names, and for a pattern those that are there and that nobody wants."""
    for root in absent:
        if names.is_pattern(root):
            yield from (dn for key, (dn, _) in live.items() if key not in wanted and names.is_of(dn, root))
        else:
            yield root


def _record(key: str, entry: Entry, live: Live, *, predict: bool) -> Record | None:
    if key not in live:
        if entry.whole:
            rows = tuple((spelling, values) for spelling, values in entry.attributes.values() if values)
            return Record(entry.where, entry.dn, "add", attributes=rows)
        if predict:
            parts = tuple(Change("replace", spelling, values) for spelling, values in entry.attributes.values())
            return Record(entry.where, entry.dn, "modify", changes=parts)
        raise NodeError("GW407", entry.where, entry.dn, "Give the source that adds this entry before this one.")
    dn, found = live[key]
    parts = tuple(part for name in _owned(entry) for part in _attribute(dn, name, entry, found))
    if entry.ownership == "entry" and entry.whole:
        surplus = [spelling for name, (spelling, _) in found.items() if name not in entry.attributes]
        parts += tuple(Change("delete", spelling, ()) for spelling in sorted(surplus))
    return Record(entry.where, dn, "modify", changes=parts) if parts else None


def _owned(entry: Entry) -> tuple[str, ...]:
    if entry.ownership == "existence":
        return tuple(name for name in entry.attributes if name in entry.enforced)
    return tuple(entry.attributes)


def _attribute(dn: str, name: str, entry: Entry, found: Mapping[str, tuple[str, Values]]) -> tuple[Change, ...]:
    spelling, values = entry.attributes[name]
    now = found.get(name, (spelling, ()))[1]
    if names.within(dn, _CONFIGURATION):
        if name in DEFINITIONS:
            return definition_changes(entry.where, spelling, now, values)
        if name == "cn" or ordered(now) == ordered(values):  # slapd numbers the names of its entries itself
            return ()
    if name == "objectclass" and entry.ownership != "entry":
        known = {value.lower() for value in now}
        missing = tuple(value for value in values if value.lower() not in known)
        return (Change("add", spelling, missing),) if missing else ()
    same = (
        {value.lower() for value in now} == {value.lower() for value in values}
        if name == "objectclass"
        else ({names.comparable_value(value) for value in now} == {names.comparable_value(value) for value in values})
    )
    return () if same else (Change("replace", spelling, values),)


# ---------------------------------------------------------------- for people
def _shown(records: list[Record], live: Live) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for record in records:
        found = live.get(names.key(record.dn), ("", {}))[1]
        if record.verb == "add":
            after[record.dn] = {name: _texts(name, values) for name, values in record.attributes}
        elif record.verb == "delete":
            before[record.dn] = {name: _texts(name, values) for name, values in found.values()}
        else:
            before[record.dn], after[record.dn] = _modified(record, found)
    return _brief(before, after), _brief(after, before)


def _brief(side: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return one side; the entries only it has are counted by their parent when they are more than anybody reads."""
    alone = [dn for dn in side if dn not in other]
    if len(alone) <= _SHOWN_IN_FULL:
        return side
    families: dict[str, list[str]] = {}
    for dn in alone:
        families.setdefault(",".join(names.split(dn)[1:]), []).append(dn)
    told = {dn: side[dn] for dn in side if dn in other}
    for parent, members in families.items():
        digest = hashlib.sha256(repr([(dn, side[dn]) for dn in sorted(members)]).encode()).hexdigest()[:16]
        told[f"entries below {parent}"] = f"<{len(members)} entries, sha256 {digest}>"
    return told


def _modified(record: Record, found: Mapping[str, tuple[str, Values]]) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in record.changes:
        name = change.attribute
        was = found.get(name.lower(), (name, ()))[1]
        if name.lower() in DEFINITIONS:
            side = before if change.verb == "delete" else after
            side[name] = [*side.get(name, []), *_texts(name, change.values)]
            continue
        will = change.values if change.verb == "replace" else was + change.values if change.verb == "add" else ()
        before[name], after[name] = _texts(name, was), _texts(name, will)
        if before[name] == after[name]:  # a secret, or values whose texts look the same
            after[name] = ["<another value>"]
    return before, after


def _texts(name: str, values: Values) -> list[str]:
    if _SECRET.search(name):
        return ["<not shown>"] * len(values)
    return sorted(_text(value) for value in values)


def _text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = ""
    if len(value) > 400 or (value and not text):
        return f"<{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()[:16]}>"
    return text
