"""One change on an IX, which has no undo timer (vendor reference 4.3): inverse on the open session, save last.

Running configuration only; every line is live. What nobody saved is gone after a power cycle, which the person on
site can do. A way back that no line can go (a former secret is unknown) is a restart without saving.
"""

from __future__ import annotations

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.devices.nec_ix.dialogue import (
    ANY_PROMPT,
    CONFIGURATION_PROMPT,
    enter_configuration,
    leave_configuration,
    shown,
)
from gatekit.devices.nec_ix.differences import RESTART, way_back
from gatekit.devices.nec_ix.text import settled
from gatekit.errors import DeviceError

RESTART_S = 180.0  # from general knowledge: a UNIVERGE IX is back on its feet in about two minutes
SAVE_LIMIT_S = 120.0
RESTART_QUESTION = r"\(Yes or \[No\]\): ?$"
_UNSAVED = "Save or discard on the device what somebody changed and did not save, then run again."
_NOT_SAVED = "Type `write memory` on the device and compare `show config`; until then a power cut loses the change."
_NOT_BACK = "Restart the device without saving: its startup configuration is the one from before the change."


class IxTransaction:
    """See ``gatekit.devices.change.platform.Transaction``."""

    def __init__(self) -> None:
        self._before: str | None = None  # running configuration at ``arm``, equal to startup
        self._restarts = False

    def arm(self, session: Session, undo_after_s: int) -> None:  # noqa: ARG002 - there is no timer to give it to
        """Take the configuration mode for us alone and make sure that a restart leads back to what is running."""
        enter_configuration(session)
        running, startup = settled(shown(session, "show running-config")), settled(shown(session, "show config"))
        if running != startup:
            leave_configuration(session)
            raise DeviceError("GW413", f"{session.device}.startup", "running and startup differ", _UNSAVED)
        self._before = running

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time; GW422 at the first refused one."""
        self._restarts = change_set.inverse == (RESTART,)
        for line in change_set.forward:
            session.tell(line.strip(), expect=CONFIGURATION_PROMPT)

    def activate(self, session: Session) -> None:
        """Leave configuration mode: the lines are live, and the session that keeps them has to enter it."""
        leave_configuration(session)

    def keep(self, session: Session) -> None:
        """Save, and compare what was saved with what is running."""
        enter_configuration(session)
        session.tell("write memory", expect=CONFIGURATION_PROMPT, timeout_s=SAVE_LIMIT_S)
        saved = settled(shown(session, "show config")) == settled(shown(session, "show running-config"))
        leave_configuration(session)
        if not saved:
            raise DeviceError("GW422", f"{session.device}.startup", "write memory", _NOT_SAVED)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Take back whatever of the change is there, or restart without saving where no line leads back.

        After a restart the session is dead and the device away for ``wait_for_timer_s``.
        """
        enter_configuration(session, throw_out_our_own=self._before is not None)
        lines = change_set.inverse
        if self._before is not None and not self._restarts:
            lines = way_back(settled(shown(session, "show running-config")), self._before)
        if lines == (RESTART,) or not self._sent(session, lines):
            self._restart(session)
            return
        leave_configuration(session)

    def wait_for_timer_s(self, undo_after_s: int) -> float:  # noqa: ARG002 - no timer
        """Return how long the restart that undo may send takes; by itself the device never comes back."""
        return RESTART_S if self._restarts else 0.0

    def _sent(self, session: Session, lines: tuple[str, ...]) -> bool:
        """Return whether the lines were taken and the device is as it was before."""
        try:
            for line in lines:
                session.tell(line.strip(), expect=CONFIGURATION_PROMPT)
        except DeviceError as err:
            if err.code != "GW422":
                raise
            return False
        return self._before is None or settled(shown(session, "show running-config")) == self._before

    def _restart(self, session: Session) -> None:
        question = session.ask(RESTART, expect=rf"{RESTART_QUESTION}|{ANY_PROMPT}")
        if "Yes or [No]" not in question:
            raise DeviceError("GW422", f"{session.device}.{RESTART}", question.strip(), _NOT_BACK)
        session.connection.write_channel("Yes\n")
        session.close()
