"""One change on an AX, which has no undo timer (vendor reference 7.2): inverse on an open session, save last.

After an undo running and saved configuration are equal again, while the prompt keeps its ``!`` until somebody
saves: we do not, because nothing of ours is there to be kept.
"""

from __future__ import annotations

from gatekit.devices.alaxala_ax.dialogue import (
    CONFIGURATION_PROMPT,
    QUESTION,
    enter_configuration,
    leave_configuration,
    shown,
)
from gatekit.devices.alaxala_ax.text import settled
from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.errors import DeviceError

SAVE_LIMIT_S = 120.0
_UNSAVED = "Save or discard on the switch what somebody changed and did not save, then run again."
_NOT_SAVED = "Type `save` in configuration mode and compare `show startup-config`; a power cut would lose the change."


class AxTransaction:
    """See ``gatekit.devices.change.platform.Transaction``."""

    def arm(self, session: Session, undo_after_s: int) -> None:  # noqa: ARG002 - there is no timer to give it to
        """Make sure that a restart leads back to what is running; GW413 where somebody's change is not saved."""
        if not is_saved(session):
            raise DeviceError("GW413", f"{session.device}.startup", "running and startup differ", _UNSAVED)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time; GW422 at the first refused one."""
        enter_configuration(session)
        for line in change_set.forward:
            session.tell(line.strip(), expect=CONFIGURATION_PROMPT)

    def activate(self, session: Session) -> None:
        """Leave configuration mode; the lines are live already."""
        leave_configuration(session)

    def keep(self, session: Session) -> None:
        """Save, which this box does in configuration mode, and compare what was saved with what is running."""
        enter_configuration(session)
        answer = session.tell("save", expect=rf"{QUESTION}|{CONFIGURATION_PROMPT}", timeout_s=SAVE_LIMIT_S)
        if "(y/n)" in answer:
            session.tell("y", expect=CONFIGURATION_PROMPT, timeout_s=SAVE_LIMIT_S)
        leave_configuration(session)
        if not is_saved(session):
            raise DeviceError("GW422", f"{session.device}.startup", "save", _NOT_SAVED)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Send those inverse lines that still have something to take back; nothing is saved."""
        leave_configuration(session)
        running = settled(shown(session, "show running-config")).splitlines()
        needed = [
            line for line in change_set.inverse if (line.removeprefix("no ") in running) == line.startswith("no ")
        ]
        if needed:
            enter_configuration(session)
            for line in needed:
                session.tell(line, expect=CONFIGURATION_PROMPT)
            leave_configuration(session)

    def wait_for_timer_s(self, undo_after_s: int) -> float:  # noqa: ARG002 - there is no timer
        """Return 0: the switch never comes back by itself, only by a power cycle."""
        return 0.0


def is_saved(session: Session) -> bool:
    """Return whether running and startup configuration say the same."""
    running, startup = (settled(shown(session, f"show {name}")) for name in ("running-config", "startup-config"))
    return running == startup
