"""Lets pynetdicom's connection thread rest until there is something to do (pynetdicom 3.0.4).

By itself it looks 1,000 times a second for bytes of the peer and for messages of ours. That is 3 % of a core for each
association that stands, and half a millisecond of every message.
"""

from __future__ import annotations

import os
import select
import socket
import time
import weakref
from collections.abc import Callable
from typing import Any

from pynetdicom.association import Association

LONGEST_S = 0.05
"""It looks at least so often: its timers have seconds."""
_PACE_S = 0.0001


class Doorbell:
    """What the thread of one association waits at: bytes of the peer, or somebody who rings."""

    def __init__(self) -> None:
        self._event = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        weakref.finalize(self, os.close, self._event)

    def ring(self) -> None:
        """End the wait, or the next one if nobody waits."""
        os.eventfd_write(self._event, 1)

    def wait(self, connection: socket.socket | None, longest_s: float = LONGEST_S) -> None:
        """Return when the connection has bytes or an end, when it was rung, or after a while."""
        if connection is None or connection.fileno() < 0:
            time.sleep(_PACE_S)
            return
        poll = select.poll()
        poll.register(self._event, select.POLLIN)
        poll.register(connection, select.POLLIN)
        if self._event in dict(poll.poll(longest_s * 1000)):
            os.eventfd_read(self._event)


def install(association: Association) -> None:
    """Give an association that is being opened its bell: called by its connection thread, at its first look."""
    provider, bell = association.dul, Doorbell()
    look = provider._is_transport_event  # noqa: SLF001 - pynetdicom has no other way in

    def wait_and_look() -> bool:
        bell.wait(provider.socket.socket if provider.socket is not None else None)
        return look()

    def rung_after(done: Callable[..., None]) -> Callable[..., None]:
        def do(*words: Any) -> None:
            done(*words)
            bell.ring()

        return do

    replaced = {
        "_is_transport_event": wait_and_look,
        "send_pdu": rung_after(provider.send_pdu),
        "kill_dul": rung_after(provider.kill_dul),
        "_run_loop_delay": _PACE_S,
    }
    for name, new in replaced.items():
        setattr(provider, name, new)
