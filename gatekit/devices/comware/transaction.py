"""One change on Comware (vendor reference 7.3): ``configuration commit delay``, ``configuration commit``, ``save``.

The timer is one-shot, the lines are live at once. Typed again while it runs it moves the time and not the rollback
point (H3C): a forgotten timer would lead back to a state that is not the one we saw. So ``arm``, which has seen that
everything running is saved, ends such a timer first. An older QX (Comware 5) knows no such command: there the
inverse on an open session leads back, and a restart, since nothing is saved before the end.
"""

from __future__ import annotations

import math
import re

from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_transaction import UNSAVED, SwitchTransaction
from gatekit.errors import DeviceError

COMMIT = "configuration commit"
LONGEST_MIN = 65535
CHANGED = re.compile(r"^[+-](?![+-]{2}).*$", re.MULTILINE)
ROLLBACK_S = 60.0  # from general knowledge: it compares and types the differences


class ComwareTransaction(SwitchTransaction):
    """See ``gatekit.devices.change.platform.Transaction``."""

    save_line = "save force"

    def require_saved(self, session: Session) -> str:
        """Return the running configuration; GW413 also for what only the box itself sees: a changed secret."""
        running = super().require_saved(session)
        if changed := CHANGED.findall(self.dialogue.shown(session, "display current-configuration diff")):
            raise DeviceError("GW413", f"{session.device}.startup", f"{len(changed)} lines are not saved", UNSAVED)
        return running

    def start_timer(self, session: Session, undo_after_s: int) -> bool:
        """Return whether the box knows the timer; it is started then."""
        self.dialogue.start_configuring(session)
        session.ask(COMMIT, expect=self.dialogue.configuring_prompt(session))  # refused where nothing is to commit
        try:
            self.dialogue.configure(session, f"{COMMIT} delay {minutes(undo_after_s)}")
        except DeviceError as error:
            if error.code != "GW422":
                raise
            return False
        return True

    def stop_timer(self, session: Session) -> None:
        """Commit."""
        self.dialogue.start_configuring(session)
        self.dialogue.configure(session, COMMIT)
        self.dialogue.stop_configuring(session)

    def forget_timer(self, session: Session) -> None:
        """Commit; the box may say that there is nothing to commit."""
        self.dialogue.start_configuring(session)
        session.ask(COMMIT, expect=self.dialogue.configuring_prompt(session))
        self.dialogue.stop_configuring(session)

    def comes_back_after_s(self, undo_after_s: int) -> float:
        """Return the timer in whole minutes and the time the box takes."""
        return minutes(undo_after_s) * 60 + ROLLBACK_S


def minutes(seconds: int) -> int:
    """Return a wish in the box's unit, rounded up."""
    return min(max(1, math.ceil(seconds / 60)), LONGEST_MIN)
