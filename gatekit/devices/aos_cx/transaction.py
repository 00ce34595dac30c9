"""One change on AOS-CX (vendor reference 7.6): ``checkpoint auto N``, ``checkpoint auto confirm``, ``write memory``.

All three are typed outside configuration mode: older releases know them nowhere else. The box writes a warning two
minutes before it goes back, into whatever is on the screen.
"""

from __future__ import annotations

import math
import re

from gatekit.devices.change.session import Session
from gatekit.devices.change.switch_transaction import OTHERS, SwitchTransaction
from gatekit.errors import DeviceError

CONFIRM = "checkpoint auto confirm"
SHORTEST_MIN, LONGEST_MIN = 3, 60  # the box takes 1 to 60; the warning at 2 would come into the command's own answer
ROLLBACK_S = 60.0  # from general knowledge
BUSY = re.compile(r"^.*\b(?:already|in progress)\b.*$", re.IGNORECASE | re.MULTILINE)


class AosCxTransaction(SwitchTransaction):
    """See ``gatekit.devices.change.platform.Transaction``."""

    def start_timer(self, session: Session, undo_after_s: int) -> bool:
        """Return True; GW413 when somebody's timer runs, GW422 when the box refuses."""
        prompt = self.dialogue.looking_prompt(session)
        answer = session.tell(f"checkpoint auto {minutes(undo_after_s)}", expect=prompt)
        if busy := BUSY.search(answer):
            raise DeviceError("GW413", f"{session.device}.checkpoint", busy[0].strip(), OTHERS)
        return True

    def stop_timer(self, session: Session) -> None:
        """Confirm."""
        session.tell(CONFIRM, expect=self.dialogue.looking_prompt(session))

    def forget_timer(self, session: Session) -> None:
        """Confirm; the box may say that there is nothing to confirm."""
        session.ask(CONFIRM, expect=self.dialogue.looking_prompt(session))

    def comes_back_after_s(self, undo_after_s: int) -> float:
        """Return the timer in whole minutes and the time the box takes."""
        return minutes(undo_after_s) * 60 + ROLLBACK_S


def minutes(seconds: int) -> int:
    """Return a wish in the box's unit, rounded up and within what is useful."""
    return min(max(SHORTEST_MIN, math.ceil(seconds / 60)), LONGEST_MIN)
