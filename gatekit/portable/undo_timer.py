"""The transient timer that undoes an unconfirmed change, seen from a later run."""

from __future__ import annotations

import time
from pathlib import Path

from .commands import run
from .errors import NodeError

__all__ = ["await_end", "waits"]

_POLL_S = 0.5
_UNDO_TAKES_S = 60
_SILENCE_S = 2.0


def waits(unit: str) -> bool:
    """Return whether the undo timer runs: something is loaded that nobody has confirmed."""
    return run(["systemctl", "is-active", "--quiet", f"{unit}.timer"]).status == 0


def await_end(unit: str, kept: Path, path: str, undo_after_s: int) -> None:
    """Return when no earlier change is open any more: confirmed by its run, or undone by the timer.

    A run that was killed leaves its timer behind. What it loaded must not be taken for settled, since the
    timer would undo it later; so the next run waits, and plans on what is there then. ``kept``, where the old
    state lies, is removed last by both ends; timer and undo are also both silent for a moment between them.

    Raises:
        NodeError: GW413 when it is still open after ``undo_after_s`` and the time an undo takes.
    """
    deadline = time.monotonic() + undo_after_s + _UNDO_TAKES_S
    silent_since: float | None = None
    while kept.exists():
        now = time.monotonic()
        if waits(unit) or _undoes(unit):
            silent_since = None
        elif silent_since is None:
            silent_since = now
        elif now - silent_since > _SILENCE_S:
            return  # neither end came: the node was shut down in between, or the undo failed
        if now > deadline:
            fix = "Look at the timer on the host (systemctl status), then run again."
            raise NodeError("GW413", path, unit, fix)
        time.sleep(_POLL_S)


def _undoes(unit: str) -> bool:
    state = run(["systemctl", "show", "--property=ActiveState", "--value", f"{unit}.service"]).output.strip()
    return state in ("activating", "active", "deactivating")
