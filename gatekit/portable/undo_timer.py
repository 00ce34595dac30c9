"""The transient timer that undoes an unconfirmed change, seen from a later run."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .commands import run
from .errors import NodeError

__all__ = ["await_end", "turn", "waits"]

_POLL_S = 0.5
_UNDO_TAKES_S = 60
_SILENCE_S = 2.0


def waits(unit: str) -> bool:
    """Return whether the undo timer runs: something is loaded that nobody has confirmed."""
    return run(["systemctl", "is-active", "--quiet", f"{unit}.timer"]).status == 0


@contextmanager
def turn(unit: str, kept: Path, path: str, undo_after_s: int) -> Iterator[None]:
    """Hold the right to change what the timer guards, from planning to arming; of several that wait the last gets it.

    The module of a run that was killed may still wait on the node, for nobody. Were it the first, it would load what
    nobody confirms, and the run that came after it would find its timer.

    Raises:
        NodeError: GW413 when an earlier change is still open after its time, or a later run waits for the same.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    latest, mine = kept.with_name(f"{kept.name}.latest"), f"{os.getpid()} {time.monotonic_ns()}"
    latest.write_text(mine)

    def give_way() -> None:
        if latest.read_text() != mine:
            raise NodeError("GW413", path, "a later run", "It does the same; let it end, then run again.")

    with kept.with_name(f"{kept.name}.lock").open("a") as lock:
        while True:
            await_end(unit, kept, path, undo_after_s, give_way)
            fcntl.flock(lock, fcntl.LOCK_EX)  # whoever has it arms its timer now, and ends
            give_way()
            if not waits(unit):
                break
            fcntl.flock(lock, fcntl.LOCK_UN)
        yield


def await_end(unit: str, kept: Path, path: str, undo_after_s: int, give_way: Callable[[], None] = lambda: None) -> None:
    """Return when no earlier change is open any more: confirmed by its run, or undone by the timer.

    A run that was killed leaves its timer behind. What it loaded must not be taken for settled, since the
    timer would undo it later; so the next run waits, and plans on what is there then. ``kept``, where the old
    state lies, is removed last by both ends; timer and undo are also both silent for a moment between them.
    ``give_way`` is called as long as it waits, and may raise.

    Raises:
        NodeError: GW413 when it is still open after ``undo_after_s`` and the time an undo takes.
    """
    deadline = time.monotonic() + undo_after_s + _UNDO_TAKES_S
    silent_since: float | None = None
    while kept.exists():
        give_way()
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
