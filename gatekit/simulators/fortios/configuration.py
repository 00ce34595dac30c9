"""The configuration shell: config, edit, set, unset, delete, move, next, end, abort. Every `next` is live at once."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from gatekit.simulators.fortios.grammar import Refused, checked, checked_key, option, table, users_of
from gatekit.simulators.fortios.store import Node, Store
from gatekit.simulators.fortios.words import (
    DUPLICATE,
    IN_USE,
    INCOMPLETE,
    MISSING,
    NEW_ENTRY,
    NOT_A_TABLE,
    NOT_IN_TABLE,
    REQUIRED,
    TABLE_FULL,
    UNKNOWN_ACTION,
    UNKNOWN_WORD,
    UNMATCHED_QUOTE,
)

PHASE_1, INTERFACE, ZONE, POLICY = "vpn ipsec phase1-interface", "system interface", "system zone", "firewall policy"
WITH_UUID = frozenset({POLICY, "firewall local-in-policy", "firewall address", "firewall service custom"})
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)')


def tokens(line: str) -> list[str]:
    """Return the words of a line, quotes and escapes taken away.

    Raises:
        Refused: a quote is open at its end.
    """
    if re.sub(r"\\.", "", line).count('"') % 2:
        raise Refused(UNMATCHED_QUOTE)
    return [re.sub(r"\\(.)", r"\1", one[1] or one[2] or "") for one in _TOKEN.finditer(line)]


@dataclass(slots=True)
class Frame:
    """One level of the shell. ``node`` is what is written to; ``commit`` brings it into force."""

    path: tuple[str, ...]
    label: str
    node: Node
    is_entry: bool
    commit: Callable[[], None]


class Shell:
    """One session's place in the tables. ``store`` is asked for anew: a restart replaces it."""

    def __init__(self, store: Callable[[], Store], applied: Callable[[bool], None], capacity: int | None) -> None:
        self._store, self._applied, self._capacity = store, applied, capacity
        self.frames: list[Frame] = []

    @property
    def label(self) -> str:
        """Return what the prompt shows in parentheses; empty at the top."""
        return self.frames[-1].label if self.frames else ""

    def obey(self, words: list[str]) -> str:
        """Return what the box prints after one configuration line.

        Raises:
            Refused: the line is not for this place, or what it says cannot be.
        """
        here = self.frames[-1] if self.frames else None
        lists = here is not None and not here.is_entry and self._has_entries(here)
        match words:
            case ["config", *name] if name and not lists:
                self._open(" ".join(name))
            case _ if here is None:
                raise Refused(UNKNOWN_ACTION)
            case ["next"] if here.is_entry:
                self._leave(last=False)
            case ["end"]:
                self._end(here)
            case ["abort"]:
                self.frames.clear()
            case _ if lists:
                return self._list_line(here, words)
            case _:
                self._setting_line(here, words)
        return ""

    def _list_line(self, here: Frame, words: list[str]) -> str:
        match words:
            case ["edit", key]:
                return self._edit(here, key)
            case ["delete", key]:
                self._delete(here, key)
            case ["move", key, ("before" | "after") as where, other]:
                self._move(here, key, where, other)
            case _:
                raise Refused(INCOMPLETE if words[0] in {"edit", "delete", "move"} else UNKNOWN_ACTION)
        return ""

    def _setting_line(self, here: Frame, words: list[str]) -> None:
        match words:
            case ["set", key, *values]:
                here.node.settings[key] = checked(here.path, here.node, self._store(), key, values)
            case ["unset", key]:
                self._unset(here, key)
            case _:
                raise Refused(INCOMPLETE if words[0] in {"set", "unset"} else UNKNOWN_ACTION)

    # ------------------------------------------------------------------ in and out
    def _has_entries(self, frame: Frame) -> bool:
        return bool((table(frame.path) or {}).get("key"))

    def _open(self, name: str) -> None:
        outer = self.frames[-1] if self.frames else None
        path = (*outer.path, name) if outer else (name,)
        known = table(path)
        if known is None:
            raise Refused(NOT_A_TABLE.format(token=name.rsplit(maxsplit=1)[-1]))
        live = outer.node.tables.setdefault(name, Node()) if outer else self._store().table(name)
        label = name.rsplit(maxsplit=1)[-1]
        if known["key"]:
            self.frames.append(Frame(path, label, live, is_entry=False, commit=lambda: None))
            return
        draft = copy.deepcopy(live)

        def commit() -> None:
            live.settings, live.tables = draft.settings, draft.tables

        self.frames.append(Frame(path, label, draft, is_entry=False, commit=commit))

    def _edit(self, here: Frame, key: str) -> str:
        key = checked_key(here.path, key)
        if key == "0":  # the box takes the next free number
            key = str(max((int(one) for one in here.node.entries), default=0) + 1)
        new = key not in here.node.entries
        if new and self._capacity is not None and len(here.node.entries) >= self._capacity:
            raise Refused(TABLE_FULL)
        draft = copy.deepcopy(here.node.entries[key]) if not new else _born(here.path)
        entries = here.node.entries

        def commit() -> None:
            self._check(here.path, key, draft)
            entries[key] = draft
            if here.path == (PHASE_1,):
                self._store().table(INTERFACE).entries.setdefault(key, _tunnel_interface(draft))

        self.frames.append(Frame(here.path, key, draft, is_entry=True, commit=commit))
        return NEW_ENTRY.format(key=key) if new else ""

    def _leave(self, *, last: bool) -> None:
        """Leave one level and bring it into force; what is refused is thrown away."""
        frame = self.frames.pop()
        frame.commit()
        self._applied(last and not self.frames)

    def _end(self, here: Frame) -> None:
        if here.is_entry:
            try:
                self._leave(last=False)
            except Refused:
                self.frames.pop()
                raise
        self._leave(last=True)

    def _unset(self, here: Frame, key: str) -> None:
        option(here.path, key)
        if key in {"icmptype", "icmpcode"}:  # shown as unset
            here.node.settings[key] = ()
        elif here.path == (PHASE_1,) and key == "psksecret":  # it can be replaced, not taken away (2.5)
            raise Refused(UNKNOWN_WORD.format(token=key))
        else:
            here.node.settings.pop(key, None)

    # ------------------------------------------------------------------ entries
    def _delete(self, here: Frame, key: str) -> None:
        if key not in here.node.entries:
            raise Refused(NOT_IN_TABLE)
        if len(here.path) == 1:
            users = users_of(self._store(), here.path[0], key)
            users += users_of(self._store(), INTERFACE, key) if here.path[0] == PHASE_1 else 0
            if users:
                raise Refused(IN_USE.format(count=users))
        del here.node.entries[key]
        if here.path == (PHASE_1,):
            self._store().table(INTERFACE).entries.pop(key, None)
        self._applied(False)

    def _move(self, here: Frame, key: str, where: str, other: str) -> None:
        entries = here.node.entries
        if key not in entries or other not in entries or key == other:
            raise Refused(NOT_IN_TABLE)
        order = [one for one in entries if one != key]
        order.insert(order.index(other) + (where == "after"), key)
        moved = {one: entries[one] for one in order}
        entries.clear()
        entries.update(moved)
        self._applied(False)

    def _check(self, path: tuple[str, ...], key: str, draft: Node) -> None:
        """Refuse an entry that cannot be brought into force."""
        for name in REQUIRED.get(" ".join(path), ()):
            if not draft.settings.get(name):
                raise Refused(MISSING.format(key=name))
        others = [one for other, one in self._store().table(path[0]).entries.items() if other != key]
        if path == ("router static",) and not {"device", "blackhole"} & draft.settings.keys():
            raise Refused(MISSING.format(key="device"))
        if path == (POLICY,) and any(one.settings.get("name", ("",)) == draft.settings.get("name") for one in others):
            raise Refused(DUPLICATE)
        if path == (ZONE,):
            self._check_zone(draft, others)

    def _check_zone(self, draft: Node, others: list[Node]) -> None:
        """A port is in one zone, and has no policy of its own (the option's own description in the modules)."""
        for port in draft.settings.get("interface", ()):
            policies = self._store().table(POLICY).entries.values()
            busy = any(port in one.settings.get(way, ()) for one in policies for way in ("srcintf", "dstintf"))
            if busy or any(port in one.settings.get("interface", ()) for one in others):
                raise Refused(DUPLICATE)


def _born(path: tuple[str, ...]) -> Node:
    return Node(settings={"uuid": (str(uuid.uuid4()),)} if path[0] in WITH_UUID and len(path) == 1 else {})


def _tunnel_interface(phase_1: Node) -> Node:
    return Node(
        settings={"vdom": ("root",), "type": ("tunnel",), "interface": phase_1.settings["interface"]},
    )
