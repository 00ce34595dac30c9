"""One change on a FortiGate: every line is live; until it is kept nothing is saved, and the device reboots back.

Vendor reference 2.3. The undo is ``cfg-save revert`` with ``cfg-revert-timeout``: going back costs a restart of
minutes, by the timer and by ``execute cfg reload`` alike. Where nothing of the change is there, none is needed: then
the save mode alone is put back. Whether the timer counts idle or plain seconds is not known: no session of ours is
busy while it is waited for.
"""

from __future__ import annotations

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import Session
from gatekit.devices.fortios.dialogue import PROMPT, ask, leave_contexts, read_tables, save_mode
from gatekit.devices.fortios.known import TABLES
from gatekit.errors import DeviceError
from gatekit.portable.secrets import bears_secret

REBOOT_S = 300.0  # from general knowledge: a small FortiGate is back on its feet in three to four minutes
SHORTEST_S, USUAL_S = 10, 600  # range and default of cfg-revert-timeout
SAVE_LIMIT_S = 120.0
QUESTION, FAREWELL = r"\(y/n\) ?\Z", r"system will reboot\."
SAVED = ("config saved", "no config to be saved")
_ARMED = "Somebody else's change waits for its timer, or `set cfg-save automatic` in `config system global` is due."
_NOT_ARMED = "Nothing of the change was sent. The account has to be allowed to write `config system global`."
_NOT_SAVED = "Type `execute cfg save`, then set cfg-save to automatic; until then a restart loses the change."
_NOT_BACK = "Power the device off and on: nothing of the change was saved."


class FortiTransaction:
    """See ``gatekit.devices.change.platform.Transaction``."""

    def __init__(self) -> None:
        self._before: str | None = None  # what our tables were at ``arm``
        self._timeout_s = USUAL_S  # the administrator's own, put back at the end
        self._secret_sent = False  # a secret that was changed does not show

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Let nothing be saved from here on, and let the device go back by itself after so many seconds."""
        mode, self._timeout_s = save_mode(session)
        if mode != "automatic":
            raise DeviceError("GW413", f"{session.device}.cfg-save", mode, _ARMED)
        self._before = read_tables(session, TABLES)
        _set_saving(session, "revert", max(SHORTEST_S, undo_after_s))
        if save_mode(session)[0] != "revert":
            raise DeviceError("GW422", f"{session.device}.cfg-save", "set cfg-save revert", _NOT_ARMED)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Send the forward lines one at a time; GW422 at the first refused one."""
        for line in change_set.forward:
            self._secret_sent |= bears_secret(line)
            session.tell(line, expect=PROMPT)

    def activate(self, session: Session) -> None:
        """Do nothing: each ``next`` and ``end`` was in force at once."""

    def keep(self, session: Session) -> None:
        """Save, then let the device save by itself again: else every later change would be lost at a restart."""
        answer = ask(session, "execute cfg save", timeout_s=SAVE_LIMIT_S)
        if not any(words in answer for words in SAVED):
            raise DeviceError("GW422", f"{session.device}.cfg-save", answer.strip(), _NOT_SAVED)
        self._disarm(session)

    def undo(self, session: Session, change_set: ChangeSet) -> None:  # noqa: ARG002 - the device knows its way back
        """Restart with what is saved; where nothing has changed, or all is back, end the waiting only.

        The session is dead after a restart, and the device away for ``REBOOT_S``.
        """
        leave_contexts(session)
        if save_mode(session)[0] == "automatic":
            return
        if not self._secret_sent and read_tables(session, TABLES) == self._before:
            self._disarm(session)
            return
        answer = session.ask("execute cfg reload", expect=rf"{QUESTION}|{PROMPT}")
        if "(y/n)" not in answer:
            raise DeviceError("GW422", f"{session.device}.undo", "execute cfg reload", _NOT_BACK)
        session.ask("y", expect=FAREWELL)

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return the timer's seconds and those of the restart that it costs."""
        return max(SHORTEST_S, undo_after_s) + REBOOT_S

    def _disarm(self, session: Session) -> None:
        _set_saving(session, "automatic", self._timeout_s)
        if save_mode(session)[0] != "automatic":
            raise DeviceError("GW422", f"{session.device}.cfg-save", "set cfg-save automatic", _NOT_SAVED)


def _set_saving(session: Session, mode: str, timeout_s: int) -> None:
    for line in ("config system global", f"set cfg-revert-timeout {timeout_s}", f"set cfg-save {mode}", "end"):
        ask(session, line)
