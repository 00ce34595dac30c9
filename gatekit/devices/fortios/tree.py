"""FortiOS text as tables: config, edit, set, unset, next, end. Knows the form, not what a line means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gatekit.errors import DeviceError

type Values = tuple[str, ...]

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
UNREADABLE = "Look at this table on the device; it is not of the form that `show` prints."


@dataclass(slots=True)
class Node:
    """A table or one entry of it: its own lines, its entries in their order, the tables inside.

    ``settings``: key -> values; () for what `show` prints as ``unset KEY``.
    """

    settings: dict[str, Values] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)
    tables: dict[str, Node] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Return whether nothing at all is set in it."""
        return not (self.settings or self.entries or self.tables)


def parse(text: str, device: str) -> dict[str, Node]:
    """Return the tables by name; a table that comes twice is one. Comment and header lines are left out.

    Raises:
        DeviceError: GW427 for a line that is none of FortiOS's forms, or is in the wrong place.
    """
    root = Node()
    stack: list[tuple[str, Node]] = [("", root)]
    for line in _statements(text):
        words = tokens(line)
        kind, here = stack[-1]
        match words:
            case ["config", *name] if name:
                stack.append(("config", here.tables.setdefault(" ".join(name), Node())))
            case ["edit", key] if kind == "config":
                stack.append(("edit", here.entries.setdefault(key, Node())))
            case ["set", key, *values] if kind and values:
                here.settings[key] = tuple(values)
            case ["unset", key] if kind:
                here.settings[key] = ()
            case ["next"] if kind == "edit":
                stack.pop()
            case ["end"] if kind == "config":
                stack.pop()
            case _:
                raise DeviceError("GW427", f"{device}.configuration", _without_secret(line), UNREADABLE)
    if len(stack) > 1:
        raise DeviceError("GW427", f"{device}.configuration", "the text ends inside a table", UNREADABLE)
    return root.tables


def tokens(line: str) -> list[str]:
    """Return the words of one statement, quotes and escapes taken away."""
    return [_ESCAPED.sub(r"\1", found[1] or found[2] or "") for found in _TOKEN.finditer(line)]


def lines_of(name: str, node: Node, depth: int = 0) -> Iterator[str]:
    """Yield a table as text for people, in one fixed spelling; entries in their order, settings by key."""
    blank = "    " * depth
    yield f"{blank}config {name}"
    yield from _body(node, depth + 1)
    yield f"{blank}end"


def spelled(values: Values) -> str:
    """Return values as they are typed: in quotes where a blank or a sign needs it."""
    return " ".join(value if re.fullmatch(r"[\w.:/+-]+", value) else _quoted(value) for value in values)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _body(node: Node, depth: int) -> Iterator[str]:
    blank = "    " * depth
    for key, values in sorted(node.settings.items()):
        yield f"{blank}set {key} {spelled(values)}" if values else f"{blank}unset {key}"
    for name, inner in sorted(node.tables.items()):
        yield from lines_of(name, inner, depth)
    for key, entry in node.entries.items():
        yield f"{blank}edit {spelled((key,))}"
        yield from _body(entry, depth + 1)
        yield f"{blank}next"


def _statements(text: str) -> Iterator[str]:
    """Yield one statement after the other; a quoted value may go over several lines."""
    waiting = ""
    for line in text.splitlines():
        waiting = f"{waiting}\n{line}" if waiting else line
        if _quotes(waiting) % 2:
            continue
        stripped, waiting = waiting.strip(), ""
        if stripped and not stripped.startswith("#"):
            yield stripped
    if waiting:
        yield waiting.strip()


def _quotes(text: str) -> int:
    return _ESCAPED.sub("", text).count('"')


def _without_secret(line: str) -> str:
    """Return the first two words: what follows may be a secret."""
    return " ".join(line.split()[:2])
