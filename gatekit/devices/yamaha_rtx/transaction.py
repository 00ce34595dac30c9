"""One change on an RTX: every line acts at once, what is not saved is gone after a restart (vendor reference 5.3).

The undo timer is a scheduled restart. It is part of the running configuration while it runs and must never be
saved: the saved copy would restart the router after every boot. So: arm only when nothing is unsaved, stop the
timer before saving, and look at both configurations afterwards.
"""

from __future__ import annotations

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.devices.yamaha_rtx.configuration import UNDO, armed, comparable
from gatekit.devices.yamaha_rtx.connection import answer_dialogue, tell
from gatekit.devices.yamaha_rtx.observation import both, running
from gatekit.devices.yamaha_rtx.refusals import REFUSALS
from gatekit.errors import DeviceError
from gatekit.portable.secrets import bears_secret, reveal

BOOT_LIMIT_S = 180.0
LONGEST_S = 3600  # command reference 37.1
_UNSAVED = "Save or undo what is not saved on the router (show config difference 0), then run again."
_ARMED = "Wait until its restart is over, or take it away: no schedule at N."
_NOT_SAVED = "Compare show config with show config 0 on the router and save by hand."
_NOT_ARMED = "The router did not keep the timer; nothing was changed."


class RtxTransaction:
    """See ``Transaction`` in devices/change/platform.py."""

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Start ``schedule at 9 +SECONDS * restart``; GW413 where unsaved changes would be lost with it."""
        now, saved = both(session)
        timer = armed(now)
        if timer is not None:
            raise DeviceError("GW413", f"{session.device}.schedule", timer, _ARMED)
        if comparable(now) != comparable(saved):
            raise DeviceError("GW413", f"{session.device}.configuration", "unsaved changes", _UNSAVED)
        line = f"schedule at {UNDO} +{min(undo_after_s, LONGEST_S)} * restart"
        tell(session, line)
        if armed(running(session)) is None:
            raise DeviceError("GW422", f"{session.device}.schedule", line, _NOT_ARMED)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time; GW422 at the first refused one."""
        for line in change_set.forward:
            _send(session, line)

    def activate(self, session: Session) -> None:
        """Do nothing: every line acts at once."""

    def keep(self, session: Session) -> None:
        """Stop the timer, save, and see to it that both configurations say the same and hold no timer."""
        tell(session, f"no schedule at {UNDO}")
        if armed(running(session)) is not None:
            raise DeviceError("GW422", f"{session.device}.schedule", "the timer is still there", _ARMED)
        tell(session, "save")
        now, saved = both(session)
        if armed(saved) is not None or comparable(now) != comparable(saved):
            raise DeviceError("GW422", f"{session.device}.save", "the saved configuration differs", _NOT_SAVED)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Take the lines back; where that does not lead to what is saved, restart now.

        A secret that was sent cannot be taken back by lines: nothing shows the old one, so the router restarts.
        """
        if not any(bears_secret(line) for line in change_set.forward):
            tell(session, "tunnel select none")
            for line in change_set.inverse:
                _try(session, line)
            now, saved = both(session)
            if comparable(now) == comparable(saved):
                tell(session, f"no schedule at {UNDO}")
                return
        session.connection.write_channel("restart\n")

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return how long the timer and the boot may take."""
        return min(undo_after_s, LONGEST_S) + BOOT_LIMIT_S


def _send(session: Session, line: str) -> None:
    if line.startswith("administrator password "):
        _set_administrator_password(session, line)
    elif line.startswith("console prompt "):
        tell(session, line, prompt_becomes=line.removeprefix("console prompt "))
    elif line == "no console prompt":
        tell(session, line, prompt_becomes="")
    else:
        tell(session, line)


def _try(session: Session, line: str) -> None:
    """Send a line back; one that was never there may be refused, the comparison afterwards decides."""
    try:
        _send(session, line)
    except DeviceError as refused:
        if refused.code != "GW422":
            raise


def _set_administrator_password(session: Session, line: str) -> None:
    """Hold the dialogue that the console wants for it (command reference 4.3); nothing of it is shown.

    The old password is the one that this session became administrator with.
    """
    new = reveal(f"{session.device}.line", line, session._secrets).removeprefix("administrator password ")  # noqa: SLF001 - a dialogue that Session.tell cannot hold
    old = session.connection.secret
    answers = {"Old_Password": old, "New_Password": new}
    if REFUSALS.found_in(answer_dialogue(session, "administrator password", answers)):
        fix = "Set the administrator password by hand, the same as the account's."
        raise DeviceError("GW422", f"{session.device}.line", line, fix)
    session.connection.secret = new
