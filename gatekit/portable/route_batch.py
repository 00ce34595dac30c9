"""Routes of ours in the kernel, compared with the batch for ``ip`` that loaded them.

Our routes bear a number (``proto``) of their own. One that somebody took away, or one of that number that the batch
does not have, is found and put right without touching any other route and without restarting anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from .changes import Change
from .commands import available, run
from .errors import NodeError

__all__ = ["RouteBatch", "apply", "plan"]

_PROTOCOL = re.compile(r"\bproto (\d+)\b")
_WITH_VALUE = ("via", "dev", "src", "metric")
_TYPES = ("blackhole", "unreachable", "prohibit")


@dataclass(frozen=True)
class RouteBatch(Change):
    """``missing``: lines of the batch, without their command; ``foreign``: routes of our number the batch lacks."""

    missing: tuple[str, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Route:
    """One route as far as a batch decides it; None where it leaves the choice to the kernel."""

    network: str
    kind: str
    via: str | None
    dev: str | None
    metric: int

    def is_met_by(self, loaded: _Route) -> bool:
        same = (self.network, self.kind, self.via, self.metric) == (
            loaded.network,
            loaded.kind,
            loaded.via,
            loaded.metric,
        )
        return same and self.dev in (None, loaded.dev)

    def words(self) -> list[str]:
        """Return it as ``ip route del`` wants it."""
        kind = [self.kind] if self.kind != "unicast" else []
        return [*kind, self.network, *(["via", self.via] if self.via else []), *(["dev", self.dev] if self.dev else [])]


def plan(path: str) -> RouteBatch:
    """Return what is missing or too many in the kernel; nothing before the batch was ever laid down.

    Raises:
        NodeError: GW410 when ``ip`` says what cannot be read, GW404 when it may not be asked.
    """
    if not available("ip") or not Path(path).exists():
        return RouteBatch({}, {}, (), ())
    lines = [line.removeprefix("route replace ") for line in _lines(path) if line.startswith("route replace ")]
    wanted = {line: _wanted(line) for line in lines}
    numbers = {number for line in lines for number in _PROTOCOL.findall(line)}
    loaded = [route for number in sorted(numbers) for route in _loaded(number)]
    missing = tuple(line for line, route in wanted.items() if not any(route.is_met_by(one) for one in loaded))
    foreign = [one for one in loaded if not any(route.is_met_by(one) for route in wanted.values())]
    before = {"missing": list(missing), "not in the batch": [" ".join(one.words()) for one in foreign]}
    after: dict[str, list[str]] = {"missing": [], "not in the batch": []}
    return RouteBatch(before, after, missing, tuple(" ".join(one.words()) for one in foreign))


def apply(change: RouteBatch) -> None:
    """Put the missing routes back and take the others away; NodeError GW420 when ``ip`` refuses one."""
    commands = [["ip", "route", "replace", *line.split()] for line in change.missing]
    commands += [["ip", "route", "del", *line.split()] for line in change.foreign]
    for command in commands:
        outcome = run(command)
        if outcome.status != 0:
            fix = "Look at the interfaces (ip link, ip address): a next hop has to be on a connected network."
            raise NodeError("GW420", "route_batch", f"{' '.join(command)}: {outcome.reason}", fix)


def _lines(path: str) -> Iterable[str]:
    return (line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines())


def _wanted(line: str) -> _Route:
    words = line.split()
    kind = words.pop(0) if words[0] in _TYPES else "unicast"
    given = {name: words[words.index(name) + 1] for name in _WITH_VALUE if name in words}
    metric = int(given.get("metric", 0))
    return _Route(_network(words[0]), kind, given.get("via"), given.get("dev"), metric)


def _loaded(number: str) -> list[_Route]:
    said = run(["ip", "-j", "-4", "route", "show", "table", "main", "proto", number])
    if said.status != 0:
        raise NodeError("GW404", "route_batch.ip", said.reason, "Run the task with become.")
    try:
        rows: list[Mapping[str, Any]] = json.loads(said.output or "[]")
        return [_row(row) for row in rows]
    except (ValueError, KeyError, TypeError) as err:
        raise NodeError("GW410", "route_batch.ip", said.output[:200], "Compare with iproute2's release.") from err


def _row(row: Mapping[str, Any]) -> _Route:
    kind = str(row.get("type", "unicast"))
    return _Route(_network(row["dst"]), kind, row.get("gateway"), row.get("dev"), int(row.get("metric", 0)))


def _network(text: str) -> str:
    """Return a network as both sides are compared: ``ip`` writes a host without its length."""
    return "default" if text in ("default", "0.0.0.0/0") else str(ip_network(text))
