"""Changing a network device without losing it; the one way for every platform (docs/adr/0015).

observe -> change set -> arm the undo -> push, stop at the first refused line -> activate -> a NEW session, the
probes, and the device read once more -> keep and save. Anything else, a key pressed at the keyboard included, leads
back to the state of before, which is proven by reading it. A controller that dies leaves the device to its own
timer; the next run knows of it from the record.
"""

from __future__ import annotations

import time

from gatekit.devices.change.access import LOGIN_PASSWORD, Access, require_secrets, secrets_named
from gatekit.devices.change.admission import Admission
from gatekit.devices.change.interruption import polite_ends_interrupt
from gatekit.devices.change.model import ChangeSet, Ending, Observed, Outcome, Probe, ProbeResult
from gatekit.devices.change.probing import failures, gather, working
from gatekit.devices.change.record import DeviceRecord, Pending, confirmed
from gatekit.devices.change.request import (
    BY_VENDOR,
    CONSENT,
    FAULT,
    NOT_KEPT,
    NOT_PROVEN,
    ChangeRequest,
    Removes,
    RevertedError,
)
from gatekit.devices.change.secret_rule import require_fit
from gatekit.devices.change.session import Session
from gatekit.devices.change.visits import Progress, Visits
from gatekit.devices.change.way_back import HIDDEN, WayBack, needs_restart
from gatekit.errors import DeviceError, GatekitError
from gatekit.portable.secrets import scrub

IN_TIME = 0.9  # of the undo timer: later, keeping would race with it


def change_device(request: ChangeRequest, record: DeviceRecord, progress: Progress = lambda _: None) -> Outcome:
    """Return how the device came to be as planned: UNCHANGED, PREDICTED or CONFIRMED.

    Raises:
        RevertedError: it could not stay, and the device is as it was (GW402, GW422, GW429 ...).
        DeviceError: nothing was changed: GW401 login, GW402 unreachable, GW416 host key, GW408 it would interrupt
            traffic, GW413 somebody else's edit or an unsaved state, GW428 moved since ``seen``. Or the device was
            changed and is lost for now: GW426.
        IntentError: GW107 for a secret that was not given, GW108 for one that the device cannot take.
    """
    change = _Change(request, record, progress)
    try:
        with polite_ends_interrupt():
            return change.run()
    except GatekitError:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever it is, its words may quote a secret
        raise change.shown(fault) from None
    finally:
        change.visits.close()


class _Change:
    """One run, on the sessions of its ``visits``."""

    def __init__(self, request: ChangeRequest, record: DeviceRecord, progress: Progress) -> None:
        self.request, self.record, self.progress = request, record, progress
        self.device, self.platform = request.login.device, request.platform
        self.text = "" if request.absent else request.platform.render(request.part)
        self.applied = {name: request.secrets.get(name, "") for name in secrets_named(self.text)}
        require_secrets(frozenset(self.applied), request.secrets)
        require_fit(self.applied, request.platform.secret_rule)
        self.access = Access(request.platform, request.login, request.part, request.secrets, request.later)
        self.transaction = request.platform.transaction()
        self.visits = Visits(self.access, request.pace.retry_s, progress)
        self.probes: tuple[ProbeResult, ...] = ()
        self.kept_ways: tuple[Probe, ...] = ()
        self.untouched = False

    def run(self) -> Outcome:
        before = Admission(self.request, self.record, self.transaction, self.visits).observed()
        renewed = self.record.renewed(self.applied)
        change_set = self._rest(before, renewed)
        if change_set.empty:
            if not self.request.check:
                self._remember(before)
            return self._outcome(Ending.UNCHANGED, change_set, before, before)
        if any(HIDDEN in line for line in change_set.forward):
            raise ValueError(f"{self.platform.name} would send what a device only shows in place of a secret")
        require_secrets(secrets_named("\n".join((*change_set.forward, *change_set.inverse))), self.request.secrets)
        if self.request.check:
            return self._outcome(Ending.PREDICTED, change_set, before, None)
        self._require_consent(change_set)
        with self.visits.step("ask the ways that work"):
            self.kept_ways = working(self.request.ways)
        return self._make(before, change_set)

    def shown(self, cause: BaseException) -> DeviceError:
        """Return the cause as something that can be shown: a library's own words may quote what was sent."""
        if isinstance(cause, DeviceError):
            return cause
        if isinstance(cause, KeyboardInterrupt):
            return DeviceError("GW429", self.device, "interrupted at the keyboard", NOT_PROVEN)
        hidden = {**self.request.secrets, LOGIN_PASSWORD: self.request.login.password or ""}
        words = str(cause) if isinstance(cause, GatekitError) else f"{type(cause).__name__}: {cause}"
        return DeviceError("GW410", self.device, scrub(words, hidden), FAULT)

    # ------------------------------------------------------------------ before anything is touched
    def _require_consent(self, change_set: ChangeSet) -> None:
        costs = []
        if change_set.interrupts:
            costs.append(f"interrupts {', '.join(sorted(change_set.touches)) or 'traffic'}")
        if needs_restart(self.platform, change_set):
            costs.append("replaces a secret that only a restart brings back")
        if costs and not self.request.interruption_allowed:
            raise DeviceError("GW408", self.device, "; ".join(costs), CONSENT)

    # ------------------------------------------------------------------ the change
    def _make(self, before: Observed, change_set: ChangeSet) -> Outcome:
        request = self.request
        self.record.begin(Pending(undo_after_s=request.undo_after_s, fingerprint_before=before.fingerprint))
        try:
            self._attempt(change_set)
        except BaseException as cause:
            if self.untouched:
                self.record.withdraw()
                raise
            reason = self.shown(cause)
            restored = self._back(before, change_set, reason)
            if isinstance(cause, (KeyboardInterrupt, SystemExit)):
                raise
            outcome = self._outcome(Ending.REVERTED, change_set, before, restored, str(reason))
            raise RevertedError(reason, outcome) from None
        return self._kept(before, change_set)

    def _attempt(self, change_set: ChangeSet) -> None:
        """Make the change and keep it on evidence; every exception means that it is not to stay."""
        first = self.visits.first
        began_at = time.monotonic()
        with self.visits.step("arm", first):
            self._arm(first)
        with self.visits.step("push", first):
            self.transaction.push(first, change_set)
        self._activate(first)
        with self.visits.step("log in again"):
            limit_s = min(self.request.pace.login_s, self.request.undo_after_s * IN_TIME)
            self.visits.open(limit_s)
        second = self.visits.last
        with self.visits.step("probe"):
            self._prove(second, began_at)
        late = time.monotonic() - began_at > self.request.undo_after_s * IN_TIME
        if late and self.platform.undo is not None:
            raise DeviceError("GW429", self.device, "the evidence came too late for the timer", NOT_PROVEN)
        with self.visits.step("keep", second):
            self.transaction.keep(second)

    def _arm(self, session: Session) -> None:
        try:
            self.transaction.arm(session, self.request.undo_after_s)
        except DeviceError as error:
            self.untouched = error.code == "GW413"  # somebody else's edit: our undo would throw it away
            raise

    def _activate(self, session: Session) -> None:
        """Bring it into force; a session that ends over it proves nothing yet, the new one will."""
        try:
            with self.visits.step("activate", session):
                self.transaction.activate(session)
        except DeviceError as error:
            if error.code != "GW402":
                raise
            self.progress(f"{self.device}: the session ended while the change became active")

    def _prove(self, session: Session, began_at: float) -> None:
        """Return when every probe passed and the device is what was asked for; GW429 otherwise."""
        pace = self.request.pace
        left_s = self.request.undo_after_s * IN_TIME - (time.monotonic() - began_at)
        self.probes = gather((*self.request.probes, *self.kept_ways), min(pace.prove_s, left_s), pace.retry_s)
        failed = failures(self.probes)
        if failed:
            raise DeviceError("GW429", f"{self.device}.probes", failed, NOT_PROVEN)
        rest = self._rest(self.access.observe(session))
        if not rest.empty:
            raise DeviceError("GW429", f"{self.device}.configuration", _first_line(rest), NOT_PROVEN)

    def _kept(self, before: Observed, change_set: ChangeSet) -> Outcome:
        with self.visits.step("look again"):
            after = self.visits.observe()
        rest = self._rest(after)
        unsaved = after.startup is not None and after.startup != after.running
        if unsaved or not rest.empty:
            value = "the saved state is another one" if unsaved else _first_line(rest)
            raise DeviceError("GW410", f"{self.device}.configuration", value, NOT_KEPT)
        self._remember(after)
        return self._outcome(Ending.CONFIRMED, change_set, before, after)

    # ------------------------------------------------------------------ the way back
    def _back(self, before: Observed, change_set: ChangeSet, reason: DeviceError) -> Observed:
        self.progress(f"{self.device}: going back: {reason.value}")
        limit_s = self.transaction.wait_for_timer_s(self.request.undo_after_s)
        way = WayBack(self.access, self.transaction, change_set, before, limit_s, self.request.pace)
        with self.visits.step("undo"):
            try:
                restored = way.take(self.visits.sessions)
            except DeviceError as lost:
                value = f"{lost.value}; the change had failed: {reason.path}: {reason.value} [{reason.code}]"
                raise DeviceError(lost.code, lost.path, value, lost.fix) from None
        self.record.withdraw()
        return restored

    # ------------------------------------------------------------------ small steps
    def _rest(self, found: Observed, renewed: frozenset[str] = frozenset()) -> ChangeSet:
        """Return what is missing or too many on the device, secrets that were sent since left out."""
        part = self.request.part
        if not self.request.absent:
            return self.platform.change_set(found, part, renewed_secrets=renewed)
        if isinstance(self.platform, Removes):
            return self.platform.removal(found, part)
        raise DeviceError("GW423", self.device, f"removal on {self.platform.name}", BY_VENDOR)

    def _remember(self, found: Observed) -> None:
        request = self.request
        state = confirmed(
            request.part, self.text, found.fingerprint, plan_sha256=request.plan_sha256, absent=request.absent
        )
        self.record.confirm(state, self.applied)

    def _outcome(
        self, ending: Ending, change_set: ChangeSet, before: Observed, after: Observed | None, reason: str = ""
    ) -> Outcome:
        return Outcome(
            ending=ending,
            change_set=change_set,
            before=before,
            after=after,
            probes=self.probes,
            reason=reason,
            seconds=self.visits.seconds,
        )


def _first_line(rest: ChangeSet) -> str:
    return f"{len(rest.forward)} lines are missing or too many, the first: {rest.forward[0].strip()}"
