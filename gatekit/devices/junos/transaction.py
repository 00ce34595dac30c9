"""One change on Junos: exclusive candidate, check, confirmed commit, confirmation from a new session.

``commit check`` inside the confirm window confirms the pending commit (vendor reference 1.3): it is asked before
the window opens and never again.
"""

from __future__ import annotations

import re
import secrets

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.change.session import REFUSED, Session
from gatekit.devices.junos.exchange import ENDS, SLOW_S, ask, commits, settled, tell
from gatekit.devices.junos.observation import leave
from gatekit.errors import DeviceError

MINUTE_S = 60
ROLLBACK_S = 60.0  # the automatic rollback is a commit of its own
BUSY = "Wait until the other one has committed or left, then run again."
_TYPED_PASSWORD = re.compile(r'^(set .*) plain-text-password-value "(<secret \w+>)"$')


class JunosTransaction:
    """One change; the session that pushed keeps the exclusive lock until the change is kept or gone."""

    def __init__(self) -> None:
        self.token = f"gatekit-{secrets.token_hex(4)}"
        self._minutes = 0
        self._holder: Session | None = None
        self._activated = False

    def arm(self, session: Session, undo_after_s: int) -> None:
        """Take the lock; the timer itself starts with the confirmed commit.

        Raises:
            DeviceError: GW413 somebody's commit is pending, somebody edits, or the candidate holds changes.
        """
        self._minutes = max(1, -(-undo_after_s // MINUTE_S))
        history = commits(ask(session, "show system commit | no-more"))
        if history and history[0][1]:
            raise DeviceError("GW413", f"{session.device}.commit", history[0][0], BUSY)
        self._lock(session)

    def push(self, session: Session, change_set: ChangeSet) -> None:
        """Type the lines; a password goes through the dialogue that asks for it twice.

        Raises:
            DeviceError: GW422 at the first refused line.
        """
        for line in change_set.forward:
            password = _TYPED_PASSWORD.match(line)
            if password:
                _type_password(session, f"{password[1]} plain-text-password", password[2])
            else:
                tell(session, line)

    def activate(self, session: Session) -> None:
        """Check, then commit under the timer.

        Raises:
            DeviceError: GW422 with the box's words when the check fails or the commit is refused.
        """
        checked = ask(session, "commit check", timeout_s=SLOW_S)
        if "configuration check succeeds" not in checked:
            raise DeviceError("GW422", f"{session.device}.commit", " ".join(checked.split()), REFUSED)
        self._activated = True  # from here on only the history says what the device did
        said = ask(session, f"commit confirmed {self._minutes} comment {self.token}", timeout_s=SLOW_S)
        if "commit complete" not in said or "will be automatically rolled back in" not in said:
            raise DeviceError("GW422", f"{session.device}.commit", " ".join(said.split()), REFUSED)

    def keep(self, session: Session) -> None:
        """Confirm, and see in the history that nothing is pending; a commit is the save.

        Raises:
            DeviceError: GW428 ours is not the newest commit; GW413 the lock is not to be had, or the candidate
                holds somebody's changes, which our commit would bring into force.
        """
        if session is not self._holder:
            self._release(session)
            self._lock(session)
        history = commits(ask(session, "run show system commit | no-more"))
        if not history or self.token not in history[0][0]:
            newest = history[0][0] if history else "no commit"
            fix = "Ask who committed, or why the change went back by itself; then run again."
            leave(session)
            raise DeviceError("GW428", f"{session.device}.commit", newest, fix)
        if history[0][1]:
            self._commit(session)
        leave(session)

    def undo(self, session: Session, change_set: ChangeSet) -> None:
        """Go back now, by the device's own memory: that brings secrets back too, which no inverse line knows.

        Raises:
            DeviceError: GW413 somebody committed after us: what they did is not ours to take back.
        """
        del change_set
        if settled(session) and session is self._holder:
            ask(session, "rollback 0")
        else:
            self._release(session)
            self._lock(session)
        steps = self._steps_back(session) if self._activated else 0
        if steps:
            ask(session, f"rollback {steps}")
            self._commit(session)
        leave(session)
        self._holder = None

    def wait_for_timer_s(self, undo_after_s: int) -> float:
        """Return the window in whole minutes and the time of the rollback itself."""
        return max(1, -(-undo_after_s // MINUTE_S)) * MINUTE_S + ROLLBACK_S

    # ------------------------------------------------------------------ inside
    def _lock(self, session: Session) -> None:
        entered = ask(session, "configure exclusive")
        if "Entering configuration mode" not in entered:
            raise DeviceError("GW413", f"{session.device}.candidate", " ".join(entered.split()), BUSY)
        self._holder = session
        foreign = ask(session, "show | compare | no-more").strip()
        if foreign:
            leave(session)
            self._holder = None
            raise DeviceError("GW413", f"{session.device}.candidate", foreign, BUSY)

    def _release(self, session: Session) -> None:
        """Give the lock of the old session back, if that one still lives; a dead one's is gone with it."""
        holder, self._holder = self._holder, None
        if holder is None or holder is session or not holder.is_alive():
            return
        try:
            ask(holder, "rollback 0")
            leave(holder)
        except DeviceError:
            holder.close()

    def _commit(self, session: Session) -> None:
        said = ask(session, "commit", timeout_s=SLOW_S)
        history = commits(ask(session, "run show system commit | no-more"))
        if "commit complete" not in said or history[0][1]:
            raise DeviceError("GW422", f"{session.device}.commit", " ".join(said.split()), REFUSED)

    def _steps_back(self, session: Session) -> int:
        """Return how far back the state before ours lies; 0 when the device is there already.

        A commit that somebody confirmed is taken back like a pending one. After the timer the newest commit is the
        device's own rollback, and the state before ours is what is in force.
        """
        history = commits(ask(session, "run show system commit | no-more"))
        ours = next((number for number, (text, _) in enumerate(history) if self.token in text), None)
        if ours is None:
            return 0
        if ours == 0:
            return 1
        if ask(session, f"run show configuration | compare rollback {ours + 1}").strip():
            leave(session)
            raise DeviceError("GW413", f"{session.device}.commit", history[0][0], BUSY)
        return 0


def _type_password(session: Session, line: str, secret: str) -> None:
    """Give a password twice; whatever the box says to it is not shown."""
    tell(session, line, expect=rf"New password: ?\Z|{ENDS}")
    again = tell(session, secret, expect=rf"Retype new password: ?\Z|{ENDS}")
    if "Retype" in again:
        tell(session, secret)
