"""What a write would do, decided before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Change", "ChangeSet", "Facts"]

type Facts = Mapping[str, object]
"""A state as JSON-safe facts, for people; never a secret."""


@dataclass(frozen=True, slots=True)
class Change[Step]:
    """One ordered step: what it changes, from what, to what, and the step itself."""

    subject: str
    before: Facts | None
    after: Facts
    step: Step

    def line(self) -> str:
        """Return one line for people, naming only the facts that differ."""
        if self.before is None:
            return f"{self.subject}: create {_words(self.after)}"
        old, new = self.before, self.after
        parts = [f"{key} {_word(old.get(key))} -> {_word(new[key])}" for key in new if old.get(key) != new[key]]
        return f"{self.subject}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class ChangeSet[Step]:
    """Every step towards the plan, in order; empty when the device is as planned."""

    changes: tuple[Change[Step], ...]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError("a ChangeSet has no truth value; ask for .changed")

    @property
    def changed(self) -> bool:
        """Return whether anything would be written."""
        return bool(self.changes)

    def lines(self) -> list[str]:
        """Return one line for each change."""
        return [change.line() for change in self.changes]

    def diff(self) -> dict[str, str]:
        """Return the states before and after, as Ansible shows them; only what changes is in it."""
        before: dict[str, object] = {}
        after: dict[str, object] = {}
        for change in self.changes:  # several steps on one subject: from the first's before to the last's after
            before.setdefault(change.subject, change.before)
            after[change.subject] = change.after
        return {"before": _text(before), "after": _text(after)}


def _text(states: dict[str, object]) -> str:
    return json.dumps(states, indent=2, sort_keys=True) + "\n" if states else ""


def _word(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _words(facts: Facts) -> str:
    return ", ".join(f"{key} {_word(value)}" for key, value in facts.items())
