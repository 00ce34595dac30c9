"""The first look at a device: whether it may be changed at all, and the end of an earlier change of ours."""

from __future__ import annotations

import time

from gatekit.devices.change.model import Observed
from gatekit.devices.change.platform import Transaction
from gatekit.devices.change.record import DeviceRecord, Pending
from gatekit.devices.change.request import EDITED, MOVED, OURS, UNFINISHED, UNSAVED, ChangeRequest
from gatekit.devices.change.visits import Visits
from gatekit.errors import DeviceError


class Admission:
    """Decides before anything is touched; leaves the session open on which the change then begins."""

    def __init__(self, request: ChangeRequest, record: DeviceRecord, transaction: Transaction, visits: Visits) -> None:
        self.request, self.record, self.transaction, self.visits = request, record, transaction, visits
        self.device = request.login.device

    def observed(self) -> Observed:
        """Return the device as it is, when it may be changed at all.

        Raises:
            DeviceError: GW413 somebody else's edit or an unsaved state, GW428 moved since ``seen``; as ``Access.open``.
        """
        with self.visits.step("observe"):
            self.visits.open()
            before = self.visits.observe()
        pending = self.record.read().pending
        if pending is not None and self._may_still_go_back(before):
            before = self._await_earlier(pending, before)
        if before.open_edit is not None:
            raise DeviceError("GW413", self.device, before.open_edit, EDITED if pending is None else OURS)
        if before.startup and before.startup != before.running:  # factory-fresh: nothing was ever saved
            unsaved = UNSAVED if pending is None else UNFINISHED
            raise DeviceError("GW413", self.device, "unsaved changes", unsaved)
        if self.request.seen not in {None, before.fingerprint}:
            raise DeviceError("GW428", self.device, before.fingerprint[:12], MOVED)
        if pending is not None and not self.request.check:
            self.record.withdraw()
        return before

    def _may_still_go_back(self, found: Observed) -> bool:
        """Return whether an open timer shows, or an unsaved state that a timer may be about to take back.

        A reading takes some seconds: the timer may have fired between one question and the next.
        """
        unsaved = bool(found.startup) and found.startup != found.running
        return found.open_edit is not None or (unsaved and self.request.platform.undo is not None)

    def _await_earlier(self, pending: Pending, found: Observed) -> Observed:
        """Return the device after the timer of our own earlier change, whose controller died."""
        over_at = pending.began_at + self.transaction.wait_for_timer_s(pending.undo_after_s) + self.request.pace.back_s
        limit_s = max(0.0, over_at - time.time())
        self.visits.progress(f"{self.device}: an earlier change of ours waits for its undo, at most {limit_s:.0f} s")
        ends_at = time.monotonic() + limit_s
        with self.visits.step("await the earlier change"):
            while self._may_still_go_back(found) and time.monotonic() < ends_at:
                time.sleep(self.request.pace.retry_s)
                self.visits.close()
                found = self._found_again(ends_at - time.monotonic()) or found
        return found

    def _found_again(self, limit_s: float) -> Observed | None:
        """Return the device as it is now; None while it restarts: going back may cost that."""
        try:
            self.visits.open(limit_s)
            return self.visits.observe()
        except DeviceError as error:
            if error.code != "GW402" or limit_s <= 0:
                raise
            return None
