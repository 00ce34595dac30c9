"""The text of ``show config`` as lines with their tunnel: unfolded, without what changes by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gatekit.devices.yamaha_rtx.commands import Command, begins_a_command, command_of, key_of, masked

COLUMNS = 80  # what an RTX folds at unless told otherwise (4.22)
UNDO = 9  # number of the schedule that is the undo timer: never part of a configuration
_SELECT = re.compile(r"(tunnel|pp|switch|ap) select (\S+)")
_FOLD = re.compile(r"console columns (\d+)")
_UNDO = re.compile(rf"schedule at {UNDO} ")
_ARMED = re.compile(r"schedule at (\d+) \+\d+ \* restart")


class Place(NamedTuple):
    """Where a line stands: ``context`` is empty, or what was selected, such as ``tunnel 1``."""

    context: str
    key: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of ours."""

    context: str
    text: str
    command: Command

    @property
    def place(self) -> Place:
        """Return what the line is known by."""
        return Place(self.context, key_of(self.text, self.command))


def comparable(text: str) -> str:
    """Return an unfolded configuration for people and fingerprints: no header, no undo timer, secrets hidden."""
    kept = []
    for line in text.splitlines():
        bare = line.strip()
        if bare and not bare.startswith("#") and not _UNDO.match(bare):
            kept.append(line[: len(line) - len(line.lstrip())] + masked(bare))
    return "".join(f"{line}\n" for line in kept)


def columns_of(running: str) -> int:
    """Return where the console folds, by the running configuration that it has just shown."""
    said = _FOLD.search(running)
    return int(said.group(1)) if said else COLUMNS


def unfolded(shown: str, columns: int) -> str:
    """Return the text with the lines that the console folded put together again.

    A line that is exactly as long as the console is wide and followed by the beginning of a command was not
    folded: a fold goes on in the middle of a line.
    """
    whole, growing = [], ""
    for part in shown.splitlines():
        if growing and _begins_a_line(part):
            whole.append(growing)
            growing = ""
        growing += part
        if len(part) < columns:
            whole.append(growing.rstrip())
            growing = ""
    return "".join(f"{line}\n" for line in [*whole, *([growing] if growing else [])])


def _begins_a_line(part: str) -> bool:
    line = part.strip()
    if not line or part.startswith("#") or _SELECT.match(line):
        return True
    return begins_a_command(line)


def our_lines(text: str) -> tuple[Line, ...]:
    """Return the lines of ours in their order."""
    return tuple(
        Line(context, line, command)
        for context, line in in_context(text)
        if (command := command_of(line, in_tunnel=context.startswith("tunnel "))) is not None
    )


def in_context(text: str) -> Iterator[tuple[str, str]]:
    """Yield every line with what was selected above it; the selections themselves are not yielded."""
    context = ""
    for raw in text.splitlines():
        line = " ".join(raw.split())
        selection = _SELECT.fullmatch(line)
        if selection:
            context = "" if selection.group(2) == "none" else f"{selection.group(1)} {selection.group(2)}"
        elif line and not line.startswith("#"):
            if context and not raw.startswith(" "):
                context = ""
            yield context, line


def armed(text: str) -> str | None:
    """Return the line of a timer that will restart the router, or None."""
    for line in text.splitlines():
        if _ARMED.fullmatch(line.strip()):
            return line.strip()
    return None
