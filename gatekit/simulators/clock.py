"""A device's own time: as fast as a test wants it, or moved by hand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Timer:
    """One action that a device means to take later."""

    def __init__(self, clock: Clock, due_s: float, action: Callable[[], None]) -> None:
        self.due_s = due_s
        self._clock, self._action = clock, action
        self._over = False

    def cancel(self) -> None:
        """Keep the action from being taken; harmless from any thread, twice, and after it was taken."""
        self._over = True
        self._clock.forget(self)

    def left_s(self) -> float:
        """Return how many device seconds are left; 0 when the timer was cancelled or has fired."""
        return 0.0 if self._over else max(0.0, self.due_s - self._clock.now_s())

    def fire(self) -> None:
        """Take the action, once."""
        if not self._over:
            self._over = True
            self._clock.forget(self)
            self._action()


class Clock:
    """Device time, from 0 on: ``speed`` times faster than ours, so that a commit timer fires in a test.

    Until ``bind`` the clock stands still, and ``advance`` moves it by hand: for a device without sockets.
    Timers fire on the loop that the clock is bound to.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._moved_s = 0.0
        self._bound_at_s: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timers: set[Timer] = set()

    def now_s(self) -> float:
        """Return the device seconds since the clock was made."""
        if self._bound_at_s is None:
            return self._moved_s
        return self._moved_s + (time.monotonic() - self._bound_at_s) * self.speed

    def call_after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Return the timer that takes the action after so many device seconds."""
        timer = Timer(self, self.now_s() + seconds, action)
        self._timers.add(timer)
        if self._loop is not None:
            self._schedule(timer, self._loop)
        return timer

    async def sleep(self, seconds: float) -> None:
        """Return after so many device seconds: a save, a check, a boot that takes its time."""
        await asyncio.sleep(seconds / self.speed)

    def cancel_all(self) -> None:
        """Forget every timer: what a device means to do later does not outlive its power."""
        for timer in tuple(self._timers):
            timer.cancel()

    def forget(self, timer: Timer) -> None:
        """Drop a timer that is over."""
        self._timers.discard(timer)

    def advance(self, seconds: float) -> None:
        """Move a clock that stands still; what falls due is done in its order, each at its own time."""
        if self._loop is not None:
            raise RuntimeError("this clock runs by itself")
        self._let_pass(seconds)

    def skip(self, seconds: float) -> None:
        """Move a clock that runs, on its device's own thread; a pause that is under way (``sleep``) stays as long."""
        if self._loop is None:
            raise RuntimeError("this clock stands still")
        self._let_pass(seconds)
        for timer in tuple(self._timers):
            self._schedule(timer, self._loop)

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the clock run; its timers fire on this loop."""
        self._loop, self._bound_at_s = loop, time.monotonic()
        for timer in tuple(self._timers):
            self._schedule(timer, loop)

    def unbind(self) -> None:
        """Let the clock stand still again; its timers stay."""
        self._moved_s = self.now_s()
        self._loop = self._bound_at_s = None

    def _let_pass(self, seconds: float) -> None:
        until_s = self.now_s() + seconds
        while due := sorted((one for one in self._timers if one.due_s <= until_s), key=lambda one: one.due_s):
            self._moved_s += max(0.0, due[0].due_s - self.now_s())
            due[0].fire()
        self._moved_s += max(0.0, until_s - self.now_s())

    def _schedule(self, timer: Timer, loop: asyncio.AbstractEventLoop) -> None:
        delay_s = max(0.0, timer.due_s - self.now_s()) / self.speed
        loop.call_soon_threadsafe(loop.call_later, delay_s, timer.fire)
