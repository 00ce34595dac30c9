"""A polite end of the controller is a key pressed at its keyboard: the change is taken back before it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

POLITE = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def polite_ends_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt where SIGTERM or SIGHUP would end the process; not in a thread, where none arrives."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = {number: signal.signal(number, signal.default_int_handler) for number in POLITE}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
