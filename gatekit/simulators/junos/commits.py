"""Candidate, active configuration and history; the timer of a confirmed commit; who may edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gatekit.simulators.clock import Clock, Timer
from gatekit.simulators.junos import words
from gatekit.simulators.junos.checks import complaints
from gatekit.simulators.junos.configuration import Configuration

HISTORY = 50  # rollback 0 to 49
BEGAN = datetime(2026, 11, 22, 13, 5, 41)  # noqa: DTZ001 - the box's own wall clock, in its own zone
ZONE = "JST"
MINUTE_S = 60


@dataclass(frozen=True)
class Commit:
    """One entry of the history."""

    configuration: Configuration
    at: str
    by: str  # as shown: "by gwops via cli"
    remark: str = ""
    comment: str = ""


@dataclass(eq=False)
class Editor:
    """One session in configuration mode."""

    user: str
    terminal: str
    pid: int
    since: str
    exclusive: bool = False

    def row(self) -> str:
        """Return how others see it."""
        return f"{self.user} terminal {self.terminal} (pid {self.pid}) on since {self.since}, idle 00:00:04"


@dataclass
class Commits:
    """What is in force, what is being edited, and what was before."""

    clock: Clock
    on_change: Callable[[], None]
    announce: Callable[[str], None]
    history: list[Commit] = field(default_factory=list)
    candidate: Configuration = field(default_factory=Configuration)
    editors: list[Editor] = field(default_factory=list)
    pending: Timer | None = None

    def start(self, configuration: Configuration) -> None:
        """Begin with one commit in the history."""
        self.history = [Commit(configuration, self.now(), "by root via other")]
        self.candidate = configuration.copy()

    @property
    def active(self) -> Configuration:
        """Return what is in force."""
        return self.history[0].configuration

    @property
    def modified(self) -> bool:
        """Return whether the shared candidate holds something uncommitted."""
        return self.candidate != self.active

    def now(self) -> str:
        """Return the box's wall clock."""
        return f"{BEGAN + timedelta(seconds=self.clock.now_s()):%Y-%m-%d %H:%M:%S} {ZONE}"

    def lock_holder(self) -> Editor | None:
        """Return who edits exclusively."""
        return next((editor for editor in self.editors if editor.exclusive), None)

    def locked_for(self, editor: Editor) -> str:
        """Return the refusal for an editor while another one holds the lock, or ""."""
        holder = self.lock_holder()
        return "" if holder in {None, editor} or holder is None else words.LOCKED.format(who=holder.row())

    # ------------------------------------------------------------------ commits
    def check(self) -> str:
        """Return the answer to ``commit check``, which also confirms what is pending (vendor reference 1.3)."""
        said = complaints(self.candidate)
        if said:
            return said
        self._confirm()
        return "configuration check succeeds\n"

    def commit(self, user: str, comment: str, minutes: int | None) -> str:
        """Return the answer to ``commit`` or ``commit confirmed``."""
        said = complaints(self.candidate)
        if said:
            return said
        self._confirm()
        remark = "" if minutes is None else f"commit confirmed, rollback in {minutes}mins"
        self._enter(Commit(self.candidate.copy(), self.now(), f"by {user} via cli", remark, comment))
        if minutes is None:
            return "commit complete\n"
        self.pending = self.clock.call_after(minutes * MINUTE_S, self.roll_back)
        announced = f"commit confirmed will be automatically rolled back in {minutes} minutes unless confirmed\n"
        return f"{announced}commit complete\n"

    def load(self, number: int) -> str:
        """Return the answer to ``rollback N``."""
        if number >= len(self.history):
            return words.NO_ROLLBACK.format(number=number)
        self.candidate = self.history[number].configuration.copy()
        return "load complete\n"

    def roll_back(self) -> None:
        """Go back by itself: the commit was not confirmed."""
        self._confirm()
        edited = self.modified
        self._enter(Commit(self.history[1].configuration.copy(), self.now(), words.VIA_TIMER))
        if not edited:
            self.candidate = self.active.copy()
        self.announce(words.NOT_CONFIRMED_REST)

    def minutes_left(self) -> int:
        """Return the whole minutes until the automatic rollback, rounded up."""
        return 0 if self.pending is None else -int(-self.pending.left_s() // MINUTE_S)

    def shown(self) -> str:
        """Return ``show system commit``."""
        rows: list[str] = []
        for number, entry in enumerate(self.history):
            rows.append(f"{number:<4}{entry.at} {entry.by}{' ' + entry.remark if entry.remark else ''}\n")
            if entry.comment:
                rows.append(f"    {entry.comment}\n")
            if number == 0 and self.pending is not None:
                rows.append("    rollback pending\n")
        return "".join(rows)

    def power_lost(self) -> None:
        """Come up again: candidates and editors are gone; what is pending is taken back."""
        was_pending, self.pending = self.pending is not None, None
        self.editors.clear()
        if was_pending and words.BOOT_ROLLS_BACK:
            self.history.insert(0, Commit(self.history[1].configuration.copy(), self.now(), words.VIA_TIMER))
        self.candidate = self.active.copy()

    def _confirm(self) -> None:
        if self.pending is not None:
            self.pending.cancel()
            self.pending = None

    def _enter(self, entry: Commit) -> None:
        self.history.insert(0, entry)
        del self.history[HISTORY:]
        self.on_change()
