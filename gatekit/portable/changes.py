"""A change, decided before anything is touched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn


@dataclass(frozen=True)
class Change:
    """What a write would do: the state it finds and the state it leaves, JSON-safe, without secrets."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def changed(self) -> bool:
        """Return whether a write is needed."""
        return self.before != self.after

    def __bool__(self) -> NoReturn:
        raise TypeError("a Change has no truth value; ask for .changed")

    def diff(self) -> dict[str, str]:
        """Return Ansible's before/after pair, keys sorted; equal in check mode and in the real run."""
        before, after = (json.dumps(state, indent=2, sort_keys=True) + "\n" for state in (self.before, self.after))
        return {"before": before, "after": after}
