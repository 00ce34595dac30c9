"""From what a FortiGate says to what the plan says: the lines to type, and the lines that take them back.

Own, over tables, and not hier_config: its FORTINET_FORTIOS driver (3.7.1, tried here) writes an entry that has to
go as ``edit 7`` and nothing else, which deletes nothing; it knows no ``move``, and leaves ``next`` and ``end`` out.

The order is the device's (vendor reference 2.5): an entry that is referred to can neither be deleted (-23) nor
given away. So surplus policies go first, zones give up ports, then everything is written in the order in which one
table refers to another, and the rest of the surplus goes in the opposite order. A policy that leads over other
interfaces than planned is deleted and made anew: it would hold a port fast that a zone is to have. New local-in
policies are written before old ones go and before the last one refuses the rest, so that our own session lives on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff

from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.fortios.known import (
    ADDRESS,
    ADMIN,
    GLOBAL,
    HIDDEN,
    INTERFACE,
    LOCAL_IN,
    ORDERED,
    PHASE_1,
    PHASE_2,
    POLICY,
    POLICY_ROUTE,
    SECRET_KEYS,
    SERVICE,
    STATIC,
    TABLES,
    UNORDERED,
    ZONE,
    Ours,
    part_of,
    same,
)
from gatekit.devices.fortios.tree import Node, Values, lines_of, parse, spelled
from gatekit.plan.network_device import FirewallPlan

type Tables = Mapping[str, Node]

_NAMED = re.compile(r"<secret ([a-z][a-z0-9_]*)>")
_DELETED_LAST = (STATIC, POLICY_ROUTE, LOCAL_IN, ZONE, PHASE_2, PHASE_1, SERVICE, ADDRESS)
_SPARE_CONTEXT = 3  # lines around a difference, for people
_INTERRUPTING = (INTERFACE, ZONE, PHASE_1, PHASE_2, LOCAL_IN, POLICY, STATIC)
TOUCHES: Mapping[str, Touch] = {
    GLOBAL: Touch.OTHER,
    INTERFACE: Touch.MANAGEMENT,
    LOCAL_IN: Touch.MANAGEMENT,
    ADMIN: Touch.MANAGEMENT,
    PHASE_1: Touch.TUNNEL,
    PHASE_2: Touch.TUNNEL,
    STATIC: Touch.ROUTES,
    POLICY_ROUTE: Touch.ROUTES,
    ADDRESS: Touch.POLICY,
    SERVICE: Touch.POLICY,
    ZONE: Touch.POLICY,
    POLICY: Touch.POLICY,
}


def firewall_change_set(
    observed: Observed, plan: FirewallPlan, wanted: str, *, renewed_secrets: frozenset[str]
) -> ChangeSet:
    """Return what leads from the observed tables to the wanted text; pure.

    The inverse cannot give back a secret that we never had: a surplus tunnel that goes comes back without its
    key. The transaction does not need it: the device goes back to what it saved.
    """
    ours = Ours.of(plan)
    before, after = _ours(ours, observed.running, plan.name), _ours(ours, wanted, plan.name)
    forward = dict(_blocks(before, after, renewed_secrets))
    return ChangeSet(
        forward=tuple(line for block in forward.values() for line in block),
        inverse=tuple(line for block in dict(_blocks(after, before, frozenset())).values() for line in block),
        touches=frozenset(TOUCHES.get(table, Touch.OTHER) for _, table in forward),
        interrupts=any(_disturbs(before[table], after[table]) for table in _INTERRUPTING),
        diff="\n".join(unified_diff(_shown(before), _shown(after), "device", "plan", lineterm="", n=_SPARE_CONTEXT)),
    )


def _ours(ours: Ours, text: str, device: str) -> Tables:
    found = parse(text, device)
    return {name: part_of(ours, name, found.get(name, Node())) for name in TABLES}


def _blocks(before: Tables, after: Tables, renewed: frozenset[str]) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Yield (step, table) and the lines of one ``config`` ... ``end``, in the order in which they have to be sent."""
    stale = _rerouted(before[POLICY], after[POLICY])
    left = _without(before[POLICY], stale)
    steps: list[tuple[str, str, Iterable[str]]] = [
        ("delete", POLICY, _deletions(before[POLICY], _without(after[POLICY], stale))),
        ("give up", ZONE, _given_up(before[ZONE], after[ZONE])),
    ]
    before = {**before, POLICY: left}
    tunnels = frozenset(after[PHASE_1].entries)
    for name in TABLES:
        # the tunnel's interface comes into being with its phase 1, and a zone wants its ports to have no policy
        kept = before[name], after[name]
        if name == INTERFACE:
            kept = _without(before[name], tunnels), _without(after[name], tunnels)
        steps.append(("write", name, _written(name, *kept, renewed)))
        if name == PHASE_2:
            kept = _only(before[INTERFACE], tunnels), _only(after[INTERFACE], tunnels)
            steps.append(("write tunnel", INTERFACE, _written(INTERFACE, *kept, renewed)))
    steps += [("delete", name, _deletions(before[name], after[name])) for name in _DELETED_LAST]
    for step, name, lines in steps:
        if block := list(lines):
            yield (step, name), [f"config {name}", *block, "end"]


def _rerouted(before: Node, after: Node) -> frozenset[str]:
    """Return the policies that lead over other interfaces: they are made anew, for they hold ports and zones fast."""
    return frozenset(
        key
        for key, entry in before.entries.items()
        if key in after.entries and any(not _same_way(entry, after.entries[key], way) for way in ("srcintf", "dstintf"))
    )


def _same_way(before: Node, after: Node, way: str) -> bool:
    return same(way, before.settings.get(way), after.settings.get(way))


def _without(table: Node, keys: frozenset[str]) -> Node:
    return Node(table.settings, {key: one for key, one in table.entries.items() if key not in keys}, table.tables)


def _only(table: Node, keys: frozenset[str]) -> Node:
    return Node(entries={key: one for key, one in table.entries.items() if key in keys})


def _deletions(before: Node, after: Node) -> Iterator[str]:
    for key in before.entries:
        if key not in after.entries:
            yield f"delete {spelled((key,))}"


def _given_up(before: Node, after: Node) -> Iterator[str]:
    """Yield the lines by which zones let go of ports: a port can be in one zone only."""
    for key, zone in before.entries.items():
        held = zone.settings.get("interface", ())
        wanted = after.entries[key].settings.get("interface", ()) if key in after.entries else ()
        kept = tuple(port for port in held if port in wanted)
        if kept != held:
            yield f"edit {spelled((key,))}"
            yield f"set interface {spelled(kept)}" if kept else "unset interface"
            yield "next"


def _written(name: str, before: Node, after: Node, renewed: frozenset[str]) -> Iterator[str]:
    """Yield what makes the wanted lines and entries of one table; nothing is deleted but inside an entry."""
    yield from _body(before, after, renewed)
    for key, entry in after.entries.items():
        old = before.entries.get(key)
        body = list(_body(old or Node(), entry, renewed))
        if body or old is None:
            yield from (f"edit {spelled((key,))}", *body, "next")
    if name in ORDERED:
        kept = [key for key in before.entries if key in after.entries]
        added = [key for key in after.entries if key not in before.entries]
        yield from _moves([*kept, *added], list(after.entries))


def _body(before: Node, after: Node, renewed: frozenset[str]) -> Iterator[str]:
    for inner in before.tables:
        if inner not in after.tables:
            yield from _inner(inner, before.tables[inner], Node(), renewed)
    for key in before.settings:
        if key not in after.settings and key not in SECRET_KEYS:  # a key can be replaced, not taken away
            yield f"unset {key}"
    for key, values in after.settings.items():
        if values == (HIDDEN,):
            continue
        if not same(key, before.settings.get(key), values) or (key in SECRET_KEYS and _named(values) & renewed):
            yield f"set {key} {spelled(values)}"
    for inner, table in after.tables.items():
        yield from _inner(inner, before.tables.get(inner, Node()), table, renewed)


def _inner(name: str, before: Node, after: Node, renewed: frozenset[str]) -> Iterator[str]:
    lines = [*_deletions(before, after), *_written(name, before, after, renewed)]
    if lines:
        yield from (f"config {name}", *lines, "end")


def _named(values: Iterable[str]) -> set[str]:
    return {found for value in values for found in _NAMED.findall(value)}


def _moves(now: list[str], wanted: list[str]) -> Iterator[str]:
    """Yield the fewest moves from one order to the other: the longest run that is in order stays where it is."""
    place = {key: index for index, key in enumerate(wanted)}
    staying = _longest_rising([place[key] for key in now])
    for index, key in enumerate(wanted):
        if index in staying:
            continue
        if index:
            yield f"move {spelled((key,))} after {spelled((wanted[index - 1],))}"
        else:
            first = next(one for one in now if one != key)
            yield f"move {spelled((key,))} before {spelled((first,))}"


def _longest_rising(places: list[int]) -> frozenset[int]:
    """Return the members of one longest rising run of different numbers (patience sorting)."""
    tops: list[int] = []
    below: dict[int, int | None] = {}
    for number in places:
        pile = bisect_left(tops, number)
        below[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    run: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        run.add(last)
        last = below[last]
    return frozenset(run)


def _disturbs(before: Node, after: Node) -> bool:
    """Return whether something that stands is changed or goes; what is only added disturbs nobody."""
    return any(key not in after.entries or _shows(entry, after.entries[key]) for key, entry in before.entries.items())


def _shows(before: Node, after: Node) -> bool:
    return any(True for _ in _body(before, after, frozenset()))


def _shown(tables: Tables) -> list[str]:
    return [line for name, table in tables.items() if not table.empty for line in lines_of(name, _masked(table))]


def _masked(node: Node) -> Node:
    return Node(
        settings={key: _for_people(key, values) for key, values in node.settings.items()},
        entries={key: _masked(one) for key, one in node.entries.items()},
        tables={key: _masked(one) for key, one in node.tables.items()},
    )


def _for_people(key: str, values: Values) -> Values:
    if key in SECRET_KEYS:
        return (HIDDEN,)
    return tuple(sorted(values)) if key in UNORDERED else values
