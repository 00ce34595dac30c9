"""From what an RTX says to what the plan wants, line by line, and back again. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.yamaha_rtx.commands import Rank, masked
from gatekit.devices.yamaha_rtx.configuration import Line, Place, our_lines
from gatekit.plan.network_device import CpePart
from gatekit.portable.secrets import bears_secret

HIDDEN = "<hidden>"
type Table = Mapping[Place, Line]


class Step(NamedTuple):
    """One line to send, inside the tunnel it belongs to."""

    context: str
    text: str
    line: Line  # the line of the configuration that it writes or takes away


def change_set(observed: Observed, part: CpePart, wanted: str, renewed: frozenset[str]) -> ChangeSet:
    """Return the lines that lead from ``observed`` to ``wanted`` and the lines that lead back.

    A line with a secret is compared by its key, and sent again when the secret is in ``renewed``. What the
    lines back cannot bring is a secret that only the router knows: then the way back is its restart.
    """
    old = _table(_ours(our_lines(observed.running), part))
    new = _table(our_lines(wanted))
    forward = tuple(_steps(old, new, renewed))
    back = tuple(step for step in _steps(new, old, frozenset()) if HIDDEN not in step.text)
    return ChangeSet(
        forward=_lines(forward),
        inverse=_lines(back),
        touches=frozenset(step.line.command.touch for step in forward) - {Touch.OTHER}
        or frozenset({Touch.OTHER} if forward else ()),
        interrupts=any(step.line.command.interrupts for step in forward),
        diff=_diff(old.values(), new.values(), renewed),
    )


def _ours(lines: Iterable[Line], part: CpePart) -> Iterator[Line]:
    """Yield all but other people's accounts: those stay as they are."""
    operator = part.plan.operator
    for line in lines:
        words = line.text.split()
        if words[:2] in (["login", "user"], ["user", "attribute"]) and words[2:3] != [operator]:
            continue
        yield line


def _table(lines: Iterable[Line]) -> Table:
    return {line.place: line for line in lines}


def _steps(old: Table, new: Table, renewed: frozenset[str]) -> Iterator[Step]:
    written = [line for place, line in new.items() if _differs(old.get(place), line, renewed)]
    gone = [line for place, line in old.items() if place not in new]
    for line in sorted(written, key=lambda one: (_rank(one), one.context)):
        yield Step(line.context, line.text, line)
    for line in sorted(gone, key=lambda one: (-_rank(one), one.context)):
        yield Step(line.context, f"no {line.place.key}", line)


def _rank(line: Line) -> int:
    """Return when a line is due: a tunnel's lines together, after the filters that they name."""
    if line.context:
        return Rank.TUNNEL
    return line.command.rank


def _differs(old: Line | None, new: Line, renewed: frozenset[str]) -> bool:
    if old is None:
        return True
    if any(f"<secret {name}>" in new.text for name in renewed):
        return True
    return masked(old.text) != masked(new.text)


def _lines(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return what is typed: a tunnel is selected before its lines and left after them."""
    typed: list[str] = []
    context = ""
    for step in steps:
        if step.context != context:
            typed.append(_selection(step.context))
            context = step.context
        typed.append(step.text)
    if context:
        typed.append(_selection(""))
    return tuple(typed)


def _selection(context: str) -> str:
    if not context:
        return "tunnel select none"
    kind, number = context.split()
    return f"{kind} select {number}"


def _diff(old: Iterable[Line], new: Iterable[Line], renewed: frozenset[str]) -> str:
    before = sorted(_shown(line, frozenset()) for line in old)
    after = sorted(_shown(line, renewed) for line in new)
    return "".join(f"{row}\n" for row in difflib.unified_diff(before, after, "router", "plan", lineterm="", n=0))


def _shown(line: Line, renewed: frozenset[str]) -> str:
    text = line.text
    if not (bears_secret(text) and any(f"<secret {name}>" in text for name in renewed)):
        text = masked(text)
    return f"{line.context}: {text}" if line.context else text
