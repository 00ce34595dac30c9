"""One change on an L3 switch whose lines are live at once: the inverse leads back, a timer where the box has one.

Somebody else's lines that come while ours are under way are neither saved with ours nor thrown away with them.
"""

from __future__ import annotations

from typing import Protocol

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_dialogue import Dialogue
from gatekit.devices.change.switch_route import Routing, others_lines, still_needed
from gatekit.errors import DeviceError

SAVE_LIMIT_S = 120.0
UNSAVED = "Save or discard on the switch what somebody changed and did not save, then run again."
OTHERS = "Somebody changes the switch right now: wait until it is saved or discarded there, then run again."
NOT_SAVED = "Save on the switch and compare its saved configuration; a power cut would lose the change."
GONE = "The switch's own timer was faster than the evidence: give it more time (undo_after_s) and run again."


class Switch(Protocol):
    """What a transaction needs to know of its platform."""

    dialogue: Dialogue
    negation: str

    def running(self, session: Session) -> str:
        """Return the running configuration, comparable."""

    def startup(self, session: Session) -> str:
        """Return the saved one, comparable with it."""

    def routing(self, configuration: str) -> Routing:
        """Return what a configuration says about ways."""


class SwitchTransaction:
    """See ``gatekit.devices.change.platform.Transaction``. A platform with a timer says so in the methods below."""

    save_line = "write memory"

    def __init__(self, switch: Switch) -> None:
        self.switch, self.dialogue = switch, switch.dialogue
        self._before: str | None = None
        self._change = ChangeSet()
        self._is_armed: bool | None = None  # None: not tried yet
        self._has_others = False

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Start the timer; GW413 where a restart would not lead back to what is running."""
        self.dialogue.stop_configuring(session)
        self._before = self.require_saved(session)
        self._is_armed = self.start_timer(session, undo_after_s)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time; GW422 at the first refused one."""
        self._change = change_set
        self.dialogue.start_configuring(session)
        for line in change_set.forward:
            self.dialogue.configure(session, line)

    def activate(self, session: Session) -> None:
        """Leave configuration mode; the lines are live already."""
        self.dialogue.stop_configuring(session)

    def keep(self, session: Session) -> None:
        """Stop the timer and save.

        Raises:
            DeviceError: GW413 when somebody else's lines would be saved with ours, GW429 when the timer was faster,
                GW410 when what was saved is not what runs.
        """
        self.dialogue.stop_configuring(session)
        running = self.switch.running(session)
        others = self._others(running)
        if others:
            self._has_others = True
            raise DeviceError("GW413", f"{session.device}.running", others[0], OTHERS)
        if self._needed(self._change.forward, running):
            raise DeviceError("GW429", f"{session.device}.running", self._change.forward[0], GONE)
        if self._is_armed:
            self.stop_timer(session)
        self.save(session)
        if self.switch.running(session) != self.switch.startup(session):
            raise DeviceError("GW410", f"{session.device}.startup", "startup is not what runs", NOT_SAVED)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Send those inverse lines that still have something to take back; nothing is saved.

        The timer is stopped once nothing of ours is left: it would take somebody else's lines with it. Where a
        line of ours is left it runs on.
        """
        self.dialogue.stop_configuring(session)
        needed = self._needed(change_set.inverse, self.switch.running(session))
        if needed:
            self.dialogue.start_configuring(session)
            for line in needed:
                self.dialogue.configure(session, line)
            self.dialogue.stop_configuring(session)
        running = self.switch.running(session)
        clean = self._before is None or running == self._before or bool(self._others(running))
        if self._is_armed and clean and not self._needed(change_set.inverse, running):
            self.forget_timer(session)

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return how long the switch may take to come back by itself; 0 where it never does."""
        return 0.0 if self._is_armed is False or self._has_others else self.comes_back_after_s(undo_after_s)

    # ------------------------------------------------------------------ what a platform may do in its own way
    def require_saved(self, session: Session) -> str:
        """Return the running configuration when a restart would bring it back as it is; GW413 otherwise."""
        running = self.switch.running(session)
        if running != self.switch.startup(session):
            raise DeviceError("GW413", f"{session.device}.startup", "running and startup differ", UNSAVED)
        return running

    def comes_back_after_s(self, undo_after_s: int) -> float:  # noqa: ARG002 - most boxes have no timer
        """Return the timer in the box's own steps, and the time it takes to go back; 0 without a timer."""
        return 0.0

    def start_timer(self, session: Session, undo_after_s: int) -> bool:  # noqa: ARG002 - most boxes have none
        """Return whether the switch now goes back by itself."""
        return False

    def stop_timer(self, session: Session) -> None:
        """End the timer and keep what runs; GW422 when the switch refuses."""

    def forget_timer(self, session: Session) -> None:
        """End the timer where it still runs; it may be over."""

    def save(self, session: Session) -> None:
        """Make running the startup configuration."""
        prompt = self.dialogue.looking_prompt(session)
        session.tell(self.save_line, expect=prompt, timeout_s=SAVE_LIMIT_S)

    def _others(self, running: str) -> tuple[str, ...]:
        if self._before is None:
            return ()
        return others_lines(self._before, running, self._change, self.switch.negation)

    def _needed(self, lines: tuple[str, ...], running: str) -> tuple[str, ...]:
        return still_needed(lines, self.switch.routing(running), self.switch.negation)
