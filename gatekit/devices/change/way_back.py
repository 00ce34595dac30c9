"""The way back from a change that is not to stay: by an open session, by a new one, or by the device's own timer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import ChangeSet, Observed
from gatekit.devices.change.platform import Platform, Transaction
from gatekit.devices.change.session import Session
from gatekit.errors import DeviceError

HIDDEN = "<hidden>"
"""Stands in ``Observed.running`` for a secret; a line that holds it is never sent."""
BY_TIMER = "The device's own timer was waited for. Go there and power it off and on; compare it with the record."
BY_HAND = "Nothing was saved: power the device off and on, then its last saved state is back."
DIFFERENT = "Somebody else changed it meanwhile, or a part of the change stayed: compare it with the record by hand."


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the engine is, in seconds of ours.

    ``retry_s`` between two logins; ``login_s`` until a new login has to work after a change; ``back_s`` the
    least time given to a device to be as it was; ``prove_s`` how long a probe may fail, since a tunnel that the
    change ended has to be negotiated anew.
    """

    retry_s: float = 2.0
    login_s: float = 60.0
    back_s: float = 60.0
    prove_s: float = 0.0


def is_as_before(found: Observed, before: Observed) -> bool:
    """Return whether running and saved state are those of before, and nobody's edit or timer is open."""
    same_saved = before.startup is None or found.startup == before.startup
    return found.fingerprint == before.fingerprint and same_saved and found.open_edit is None


def needs_restart(platform: Platform, change_set: ChangeSet) -> bool:
    """Return whether the inverse lines alone cannot lead back: the value of a replaced secret is not known to us.

    A device with an undo timer restores it by itself.
    """
    return platform.undo is None and any(HIDDEN in line or "<secret " in line for line in change_set.inverse)


@dataclass(slots=True)
class WayBack:
    """Leads one device back. ``limit_s``: how long its own timer, and the restart it may cost, can take.

    Nothing that fails on the way ends it before ``limit_s``; ``faults`` names it, by code or type.
    """

    access: Access
    transaction: Transaction
    change_set: ChangeSet
    before: Observed
    limit_s: float
    pace: Pace
    faults: list[str] = field(default_factory=list)
    undone: bool = False

    def take(self, sessions: Sequence[Session]) -> Observed:
        """Return the device as it is again, proven by reading it.

        ``sessions`` are the open ones, oldest first: the oldest may stand in the middle of a dialogue, so
        nothing is asked on them before the undo.

        Raises:
            DeviceError: GW426 when the device does not answer, or is not as it was, when ``limit_s`` is over; at
                once when only a restart can bring a secret back.
        """
        ends_at = time.monotonic() + max(self.limit_s, self.pace.back_s)
        found = self._by_open(sessions)
        if needs_restart(self.access.platform, self.change_set):
            path = f"{self.access.login.device}.undo"
            raise DeviceError("GW426", path, "the replaced secret is not known here", BY_HAND)
        while found is None or not is_as_before(found, self.before):
            if time.monotonic() >= ends_at:
                raise self._lost(found)
            time.sleep(self.pace.retry_s)
            found = self._by_new()
        return found

    def _by_open(self, sessions: Sequence[Session]) -> Observed | None:
        for session in sessions:
            try:
                self._undo(session)
                return self.access.observe(session)
            except Exception as fault:  # noqa: BLE001 - this session is of no use: the next one has to do it
                self._note(fault)
                session.close()
        return None

    def _by_new(self) -> Observed | None:
        """Look first: the timer may have done it already; what a fresh session is refused, the next look tells."""
        try:
            with self.access.visit() as session:
                found = self._seen(session)
                if found is not None and is_as_before(found, self.before) and not self._a_secret_may_have_stayed():
                    return found
                self._undo(session)
                return self.access.observe(session)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the next look may find the device back
            self._note(fault)
            return None

    def _seen(self, session: Session) -> Observed | None:
        """Return the device as it is; None where our own dead session still holds it, which the undo can end."""
        try:
            return self.access.observe(session)
        except DeviceError as error:
            if error.code != "GW413":
                raise
            return None

    def _a_secret_may_have_stayed(self) -> bool:
        """Return whether what the device shows proves too little: a replaced secret looks as the old one did.

        A device with a timer has its whole saved state back once no timer is open.
        """
        sent = any("<secret " in line for line in self.change_set.forward)
        return sent and not self.undone and self.access.platform.undo is None

    def _undo(self, session: Session) -> None:
        self.transaction.undo(session, self._sendable())
        self.undone = True

    def _sendable(self) -> ChangeSet:
        inverse = tuple(line for line in self.change_set.inverse if HIDDEN not in line)
        return self.change_set.model_copy(update={"inverse": inverse})

    def _note(self, fault: Exception) -> None:
        """Keep what the fault is called; its words may quote what was sent."""
        self.faults.append(fault.code if isinstance(fault, DeviceError) else type(fault).__name__)

    def _lost(self, found: Observed | None) -> DeviceError:
        path = f"{self.access.login.device}.undo"
        seen = "does not answer" if found is None else "answers, and is not as it was before"
        last = f" (last: {self.faults[-1]})" if self.faults else ""
        by_itself = BY_HAND if self.access.platform.undo is None else BY_TIMER
        return DeviceError("GW426", path, seen + last, by_itself if found is None else DIFFERENT)
