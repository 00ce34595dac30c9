"""What an RTX keeps: the running configuration and the one it boots from, normalised as it normalises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from gatekit.simulators.yamaha_rtx import words
from gatekit.simulators.yamaha_rtx.grammar import DEFAULTS, SECRETS, V4, Rule, rule_named, rule_of

type Key = tuple[int, str]
"""Number of the selected tunnel, 0 for none, and the words that name the line."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A line is not taken; ``word`` names the answer in ``words.ERRORS``."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass
class Configuration:
    """Lines by their names; secrets in clear, as the router holds them."""

    lines: dict[Key, str] = field(default_factory=dict)

    def copy(self) -> Configuration:
        """Return the same lines, apart from these."""
        return Configuration(dict(self.lines))

    def take(self, line: str, tunnel: int) -> None:
        """Set or remove one line; ``tunnel`` is what is selected.

        Raises:
            Refused: when the router would not take it.
        """
        if line.startswith("no "):
            self._remove(line[3:], tunnel)
            return
        rule = rule_of(line)
        if rule is None:
            raise Refused(_why(line))
        if rule.tunnel and not tunnel:
            raise Refused("tunnel")
        _check_addresses(line)
        name = rule_named(line)
        key = (tunnel if rule.tunnel else 0, line if rule.whole or name is None else name[1])
        if DEFAULTS.fullmatch(line):
            self.lines.pop(key, None)
        else:
            self.lines[key] = line

    def value(self, name: str, default: str = "") -> str:
        """Return what follows the name in a line outside the tunnels."""
        line = self.lines.get((0, name))
        return default if line is None else line[len(name) + 1 :]

    def text(self) -> str:
        """Return every line in the router's order, tunnels indented, secrets as stars."""
        shown = [row for row in self._rows() if row[0] < _TUNNELS]
        rest = [row for row in self._rows() if row[0] >= _TUNNELS]
        blocks = [line for _, line in shown]
        for number in sorted({number for number, _ in self.lines if number}):
            blocks += [f"tunnel select {number}", *self._tunnel(number)]
        return "".join(f"{line}\n" for line in [*blocks, *(line for _, line in rest)])

    def tunnel(self, number: int) -> Mapping[str, str]:
        """Return the lines of one tunnel by their names."""
        return {name: line for (of, name), line in self.lines.items() if of == number}

    def _remove(self, named: str, tunnel: int) -> None:
        found = rule_named(named)
        if found is None:
            raise Refused("command")
        rule, name = found
        if rule.tunnel and not tunnel:
            raise Refused("tunnel")
        self.lines.pop((tunnel if rule.tunnel else 0, named if rule.whole else name), None)

    def _rows(self) -> list[tuple[int, str]]:
        rows = [(_rule(line).order, line) for (number, _), line in self.lines.items() if not number]
        return [(order, _shown(line)) for order, line in sorted(rows, key=lambda row: (row[0], _natural(row[1])))]

    def _tunnel(self, number: int) -> list[str]:
        rows = [(_rule(line), line) for (of, _), line in self.lines.items() if of == number]
        return [" " * rule.depth + _shown(line) for rule, line in sorted(rows, key=lambda row: (row[0].order, row[1]))]


_TUNNELS = 50  # what comes after the tunnels in show config


def _rule(line: str) -> Rule:
    rule = rule_of(line)
    if rule is None:
        raise ValueError(line)
    return rule


def _natural(line: str) -> list[tuple[int, str]]:
    return [(int(word), "") if word.isdigit() else (-1, word) for word in re.split(r"(\d+)", line)]


def _shown(line: str) -> str:
    found = SECRETS.fullmatch(line)
    return f"{found.group(1)} {words.SHOWN_SECRET}" if found else line


def _why(line: str) -> str:
    """Return why a line fits no rule, as the router says it."""
    found = rule_named(line)
    if found is None:
        return "command"
    return "parameters" if len(line) <= len(found[1]) + 1 else "keyword"


def _check_addresses(line: str) -> None:
    for word in re.findall(rf"(?<![\w.]){V4}(?![\w.])", line):
        try:
            IPv4Address(word)
        except ValueError:
            raise Refused("address") from None
