"""The order in which everything stops, each step awaited and none for longer than its time.

Every step may be repeated: it looks first. Nothing that a host or a guest does or leaves undone keeps the next step
from its turn; what failed stands in the journal. This program never ends VM2: systemd does, whatever became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .journal import Clock, Journal

PAUSE_S = 1.0


class HostError(Exception):
    """The host did not do it; its text is a fault's name, never what was sent."""


class GuestDeafError(HostError):
    """The guest has no tools that could be asked to shut it down."""


class Host(Protocol):
    """A session with the ESXi host; every call ends within seconds."""

    def is_running(self, machine: str) -> bool:
        """Return whether a machine has power; False too when there is none of that name."""

    def ask_guest(self, machine: str) -> None:
        """Ask a machine's guest to shut down; return at once."""

    def switch_off(self, machine: str) -> None:
        """Take a machine's power away; return at once."""

    def shut_down(self) -> None:
        """Shut the host itself down; return as soon as it has taken the word."""


@dataclass(frozen=True)
class Machine:
    """One machine to stop; ``stop_s``: how long its own shutdown may take."""

    name: str
    stop_s: float


class Sequence:
    """One shutdown. ``connect`` logs in anew: a session that broke is not mended.

    ``order_s``: how long is tried to take a machine's power away, or to tell the host.
    """

    def __init__(self, connect: Callable[[], Host], journal: Journal, clock: Clock, order_s: float) -> None:
        self._connect, self._journal, self._clock, self._order_s = connect, journal, clock, order_s
        self._host: Host | None = None

    def stop_machines(self, machines: tuple[Machine, ...]) -> None:
        """Stop one machine after the other."""
        for machine in machines:
            self._stop(machine)

    def stop_host(self) -> None:
        """Shut the host down, trying for a while."""
        self._journal.note("host", "is told to shut down")

        def told(host: Host) -> bool:
            host.shut_down()
            return True

        taken = self._until(self._clock.now_s() + self._order_s, "host", told)
        self._journal.note("host", "has taken it" if taken else "does not shut down")

    def _stop(self, machine: Machine) -> None:
        """Ask the guest, wait until it is off, and take its power away when its time is over.

        A guest that cannot be asked may still stop by itself (VM1 hears of the UPS too), so its time is waited for.
        """
        name = machine.name
        self._journal.note(name, "is asked to shut down")
        if self._off_within(machine.stop_s, name, lambda host: host.ask_guest(name)):
            self._journal.note(name, "is off")
            return
        self._journal.note(name, "did not stop in time")
        cut = self._off_within(self._order_s, name, lambda host: host.switch_off(name))
        self._journal.note(name, "is switched off" if cut else "could not be switched off")

    def _off_within(self, seconds: float, name: str, order: Callable[[Host], None]) -> bool:
        """Return whether a machine went off in time; the order is repeated until it is taken."""
        taken = False

        def off(host: Host) -> bool:
            nonlocal taken
            if not host.is_running(name):
                return True
            if not taken:
                order(host)
                taken = True
            return False

        return self._until(self._clock.now_s() + seconds, name, off)

    def _until(self, ends_s: float, what: str, reached: Callable[[Host], bool]) -> bool:
        """Return whether something was reached before its time was over; log in again after every fault."""
        said = ""
        while True:
            try:
                self._host = self._host or self._connect()
                if reached(self._host):
                    return True
            except HostError as fault:
                if not isinstance(fault, GuestDeafError):
                    self._host = None
                if str(fault) != said:
                    said = str(fault)
                    self._journal.note(what, said)
            if self._clock.now_s() + PAUSE_S > ends_s:
                return False
            self._clock.sleep(PAUSE_S)
