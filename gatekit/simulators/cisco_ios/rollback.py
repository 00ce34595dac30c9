"""Rollback Confirmed Change: the copy taken when the timer starts, and going back to it."""

from __future__ import annotations

from collections.abc import Callable

from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.configuration import Configuration
from gatekit.simulators.clock import Clock, Timer
from gatekit.simulators.terminal import Terminal

MINUTE_S = 60.0


class Rollback:
    """At most one timer; ``restore`` puts a configuration into force."""

    def __init__(self, clock: Clock, restore: Callable[[Configuration], None]) -> None:
        self._clock, self._restore = clock, restore
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a boot."""
        self._timers: tuple[Timer, ...] = ()
        self._copy: Configuration | None = None
        self.minutes, self.user, self.file = 0, "", ""

    @property
    def pending(self) -> bool:
        """Return whether a change waits to be confirmed."""
        return self._copy is not None

    def start(self, running: Configuration, minutes: int, terminal: Terminal, file: str) -> None:
        """Take the copy and start the timer; a minute before its end the session is told."""
        self._copy, self.minutes, self.user, self.file = running.copy(), minutes, terminal.user, file
        self._timers = (
            self._clock.call_after(minutes * MINUTE_S, lambda: self._run_out(terminal)),
            self._clock.call_after((minutes - 1) * MINUTE_S, lambda: terminal.post(words.ONE_MINUTE)),
        )

    def confirm(self) -> None:
        """Keep the change."""
        for timer in self._timers:
            timer.cancel()
        self.forget()

    def go_back(self) -> str:
        """Put the copy into force; return what the box says."""
        copy, said = self._copy, words.ROLLING.format(file=self.file) + words.ROLLED
        self.confirm()
        if copy is not None:
            self._restore(copy)
        return said

    def _run_out(self, terminal: Terminal) -> None:
        """Go back by itself, and tell the session that started the timer."""
        terminal.post(f"\n{words.ROLLING.format(file=self.file)}{words.ROLLED}")
        self.go_back()
