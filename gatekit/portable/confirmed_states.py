"""What was confirmed on this node, newest first: the states that a rollback can bring back.

A state is JSON and names its secrets as ``<secret NAME>``; a rollback puts today's in. Root's alone to read, like
the files it speaks of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import NodeError

__all__ = ["WHICH", "recall", "remember"]

WHICH = {"confirmed": 0, "earlier": 1}
"""Which state, by the word for it: the last that was confirmed, or the one before it."""
_DIRECTORY = Path("/var/lib/gatekit/confirmed")
_KEPT = 5


def remember(name: str, state: Mapping[str, Any]) -> bool:
    """Make ``state`` the newest and return whether it was not; one that was there before moves to the front.

    Raises:
        NodeError: GW410 when what was remembered cannot be read, GW418 when the disk refuses.
    """
    states = _states(name)
    wanted = [dict(state), *(one for one in states if one != state)][:_KEPT]
    if wanted == states:
        return False
    path = _DIRECTORY / f"{name}.json"
    beside = path.with_suffix(".new")
    try:
        _DIRECTORY.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            json.dump(wanted, stream, indent=1, sort_keys=True)
            stream.flush()
            os.fsync(stream.fileno())
        beside.rename(path)
    except OSError as err:
        fix = "Free the disk, then run again; the change itself is confirmed."
        raise NodeError("GW418", str(path), err.strerror or str(err), fix) from err
    return True


def recall(name: str, which: str) -> dict[str, Any]:
    """Return the state of that word.

    Raises:
        NodeError: GW407 when no such state is remembered, GW410 as ``remember``.
    """
    states, number = _states(name), WHICH[which]
    if number >= len(states):
        fix = "There is nothing to go back to: run the job with the site file of before."
        raise NodeError("GW407", f"confirmed.{name}", f"{len(states)} confirmed states", fix)
    return states[number]


def _states(name: str) -> list[dict[str, Any]]:
    path = _DIRECTORY / f"{name}.json"
    try:
        states: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as err:
        fix = "Move the file away; then nothing can be rolled back to until the next change."
        raise NodeError("GW410", str(path), type(err).__name__, fix) from err
    return states
