"""The tables of one configuration, and how `show` prints them."""

from __future__ import annotations

import base64
import copy
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gatekit.simulators.fortios.words import DEFAULTS

TOP = "config"
SECRETS = frozenset({"psksecret", "password"})
BARE = frozenset(
    {"tcp-portrange", "udp-portrange", "uuid", "gateway", "remote-gw", "primary", "secondary", "source-ip"}
)


@dataclass(slots=True)
class Node:
    """A table or an entry."""

    settings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Node] = field(default_factory=dict)
    tables: dict[str, Node] = field(default_factory=dict)


type IsBare = Callable[[str, str], bool]


class Store:
    """One whole configuration: running or startup."""

    def __init__(self) -> None:
        self.tables: dict[str, Node] = {}

    def table(self, name: str) -> Node:
        """Return a table; an empty one when nothing is in it."""
        return self.tables.setdefault(name, Node())

    def copy(self) -> Store:
        """Return another one that changes on its own."""
        other = Store()
        other.tables = copy.deepcopy(self.tables)
        return other

    def value(self, name: str, key: str) -> str:
        """Return one line of a table, its default when it is absent."""
        return self.table(name).settings.get(key, DEFAULTS.get((name, key), ("",)))[0]

    def shown(self, name: str, is_bare: IsBare, key: str | None = None) -> str:
        """Return what `show` prints of a table, or of one entry of it."""
        node = self.table(name)
        if key is not None:
            node = Node(entries={key: node.entries[key]}) if key in node.entries else Node()
        return "".join(f"{line}\n" for line in _lines(name, name, node, 0, is_bare))


def _lines(path: str, name: str, node: Node, depth: int, is_bare: IsBare) -> Iterator[str]:
    blank = "    " * depth
    yield f"{blank}{TOP} {name}"
    yield from _body(path, node, depth + 1, is_bare)
    yield f"{blank}end"


def _body(path: str, node: Node, depth: int, is_bare: IsBare) -> Iterator[str]:
    """Yield lines in the box's own order, whatever the order they were typed in."""
    blank = "    " * depth
    for key, values in sorted(node.settings.items()):
        if not values:
            yield f"{blank}unset {key}"
        elif values != DEFAULTS.get((path, key)):
            yield f"{blank}set {key} {_spelled(path, key, values, is_bare)}"
    for name, inner in sorted((name, inner) for name, inner in node.tables.items() if inner != Node()):
        yield from _lines(f"{path} {name}", name, inner, depth, is_bare)
    for key, entry in node.entries.items():
        yield f"{blank}edit {key if key.isdecimal() else _quoted(key)}"
        yield from _body(path, entry, depth + 1, is_bare)
        yield f"{blank}next"


def _spelled(path: str, key: str, values: tuple[str, ...], is_bare: IsBare) -> str:
    if key in SECRETS:
        return f"ENC {_encrypted()}"
    return " ".join(values) if key in BARE or is_bare(path, key) else " ".join(map(_quoted, values))


def _encrypted() -> str:
    """Return another text at each read, as a new salt makes it."""
    return base64.b64encode(secrets.token_bytes(48)).decode()


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
