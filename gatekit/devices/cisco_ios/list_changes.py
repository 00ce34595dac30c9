"""Lists that change: never a moment without a filter, never a line between two states.

A bound list is first copied under a second name with its new lines, each binding is moved to the copy by one
line, the old list is written anew and everything is moved back. So the box always decides by the old list or by
the whole new one; editing in place would shut our own session out between two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatekit.devices.cisco_ios.lists import AccessList, list_of, same
from gatekit.devices.cisco_ios.text import Section

COPY = "-NEXT"
_BOUND = re.compile(r" (ip access-group|ipv6 traffic-filter|access-class|ipv6 access-class) (?P<name>\S+) (in|out)$")
_CARRIED = " tunnel protection ipsec policy ipv4 "


class Binding(NamedTuple):
    """One line that names a list."""

    header: str
    line: str


class ListChanges(NamedTuple):
    """Sections to send before and after everything else, in order."""

    before: tuple[Section, ...]
    after: tuple[Section, ...]


def list_changes(found: tuple[Section, ...], wanted: tuple[Section, ...]) -> ListChanges:
    """Return what makes the lists of ``found`` those of ``wanted``: new and changed ones before, old ones after."""
    old, new = _lists(found), _lists(wanted)
    before: list[Section] = []
    for name, one in new.items():
        if name not in old:
            before.append(_written(one))
        elif not same(old[name], one):
            before += _rewritten(old[name], one, tuple(_bindings(found, name)))
    after = tuple(Section(f"no {_header(one)}") for name, one in old.items() if name not in new)
    return ListChanges(tuple(before), after)


def _lists(parts: Iterable[Section]) -> dict[str, AccessList]:
    return {one.name: one for part in parts if (one := list_of(part)) is not None}


def _header(one: AccessList) -> str:
    return f"ipv6 access-list {one.name}" if one.kind == "ipv6" else f"ip access-list {one.kind} {one.name}"


def _written(one: AccessList) -> Section:
    return Section(_header(one), tuple(f" {line}" for line in one.raw))


def _bindings(parts: Iterable[Section], name: str) -> Iterator[Binding]:
    for part in parts:
        for line in part.lines:
            match = _BOUND.match(line)
            if (match and match["name"] == name) or line == _CARRIED + name:
                yield Binding(part.header, line)


def _rewritten(old: AccessList, new: AccessList, bindings: tuple[Binding, ...]) -> Iterator[Section]:
    """Yield the steps for one list; what the tunnel carries is changed while the tunnel is shut."""
    again = (Section(f"no {_header(old)}"), _written(new))
    carried = tuple(one for one in bindings if one.line.startswith(_CARRIED))
    if carried:
        yield from (Section(one.header, (" shutdown", f" no{one.line}")) for one in carried)
        yield from again
        yield from (Section(one.header, (one.line, " no shutdown")) for one in carried)
    elif not bindings:
        yield from again
    else:
        copy = new._replace(name=new.name + COPY)
        yield _written(copy)
        yield from (_moved(one, new.name, copy.name) for one in bindings)
        yield from again
        yield from (Section(one.header, (one.line,)) for one in bindings)
        yield Section(f"no {_header(copy)}")


def _moved(one: Binding, old: str, new: str) -> Section:
    return Section(one.header, (one.line.replace(f" {old} ", f" {new} "),))
