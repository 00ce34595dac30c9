"""Keeps pynetdicom's own thread from stealing answers (pynetdicom 3.0.4; seen upstream in its issue 875).

An association has a thread that looks for requests of the peer. Before a request of ours it is told to pause, and
"paused" is read from a flag it may be about to change: preempted there it takes our first answer and drops it. Under
load about 1 in 800 queries lost an answer, or the end of them [ran]: a study that nobody misses.
"""

from __future__ import annotations

import threading

from pynetdicom.association import Association

_LOOK_AGAIN_S = 0.05
_PACE_S = 0.02
"""It looks for nothing but the end of an idle association; at its own pace it takes 2 % of a core for that."""


class Checkpoint(threading.Event):
    """Takes the place of the event that thread waits for: ``clear`` returns when it really waits."""

    def __init__(self, reactor: threading.Thread) -> None:
        super().__init__()
        self._reactor, self._state = reactor, threading.Condition()
        self._passes, self._waits = True, False

    def is_set(self) -> bool:
        """Return whether the thread may pass."""
        return self._passes

    def set(self) -> None:
        """Let the thread pass."""
        with self._state:
            self._passes = True
            self._state.notify_all()

    def clear(self) -> None:
        """Stop the thread here, and return when it has arrived or is no more; it need not wait for itself."""
        with self._state:
            self._passes = False
            self._state.notify_all()
            while not self._waits and self._reactor.is_alive() and threading.current_thread() is not self._reactor:
                self._state.wait(_LOOK_AGAIN_S)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the thread may pass; called by it, at most 50 times a second instead of 1,000."""
        with self._state:
            self._state.wait_for(lambda: not self._passes, _PACE_S)
            self._waits = not self._passes
            self._state.notify_all()
            passes = self._state.wait_for(lambda: self._passes, timeout)
            self._waits = False
            return passes


def install(association: Association) -> None:
    """Give an association that is being opened its checkpoint, before its thread first comes there."""
    association._reactor_checkpoint = Checkpoint(association)  # noqa: SLF001 - pynetdicom has no other way in
