"""C-MOVEs of many callers to one PACS, at most so many at once; what became of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields

from gatekit.dicom.model import Move, MoveOutcome, Patient
from gatekit.dicom.pool import PeerPool
from gatekit.dicom.statuses import MoveIncompleteError
from gatekit.errors import DicomError

LIST_REFUSED = frozenset({"GW507", "GW509", "GW513"})
"""How a PACS without UID lists may answer one (PS3.4 C.4.2.1.4.1)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What the caller does about each move, from whichever thread it runs in; an exception stops the rest."""

    before: Callable[[Move], None]
    after: Callable[[Move, MoveOutcome], None]


@dataclass
class Moved:
    """What became of the moves of one patient."""

    done: list[Move] = field(default_factory=list)
    incomplete: list[MoveIncompleteError] = field(default_factory=list)
    refused_lists: list[Move] = field(default_factory=list)
    outcomes: list[MoveOutcome] = field(default_factory=list)
    fault: Exception | None = None

    @property
    def instances(self) -> int:
        """Return how many instances the PACS counted as sent."""
        return sum(outcome.completed + outcome.warning for outcome in self.outcomes)

    def raise_fault(self) -> None:
        """Raise what stopped the moves, if anything did."""
        if self.fault is not None:
            raise self.fault

    def raise_incomplete(self) -> None:
        """Raise GW510 for all sub-operations that failed, if any did."""
        if len(self.incomplete) == 1:
            raise self.incomplete[0]
        if self.incomplete:
            first, total = self.incomplete[0], _sum([error.outcome for error in self.incomplete])
            value = f"{len(self.incomplete)} C-MOVEs: {total.completed} sent, {total.failed} failed"
            raise MoveIncompleteError(first.path, value, first.fix, total)

    def add(self, other: Moved) -> None:
        """Take over what became of more moves."""
        for part in ("done", "incomplete", "refused_lists", "outcomes"):
            getattr(self, part).extend(getattr(other, part))
        self.fault = self.fault or other.fault


class MoveSlots:
    """The C-MOVEs one PACS takes at the same time, over all threads and patients."""

    def __init__(self, pool: PeerPool, destination: str, slots: int) -> None:
        self._pool, self._destination, self._limit = pool, destination, slots
        self._slots = threading.BoundedSemaphore(slots)

    def run(self, patient: Patient, moves: Iterable[Move], watch: Watch) -> Moved:
        """Return what became of the moves; after a fault none is started any more, those on their way end."""
        queued, moved = list(moves), Moved()

        def one(move: Move) -> None:
            with self._slots:
                if moved.fault is None:
                    self._try(patient, move, watch, moved)

        if min(self._limit, len(queued)) <= 1:
            for move in queued:
                one(move)
        else:
            with ThreadPoolExecutor(min(self._limit, len(queued)), thread_name_prefix="c-move") as threads:
                list(threads.map(one, queued))
        return moved

    def _try(self, patient: Patient, move: Move, watch: Watch, moved: Moved) -> None:
        try:
            watch.before(move)
            outcome = self._send(patient, move, moved)
            if outcome is not None:
                moved.outcomes.append(outcome)
                watch.after(move, outcome)
        except Exception as fault:  # noqa: BLE001 - raised again by raise_fault in the caller's thread
            moved.fault = moved.fault or fault

    def _send(self, patient: Patient, move: Move, moved: Moved) -> MoveOutcome | None:
        """Return how the move ended; None when the PACS refused its list of UIDs."""
        try:
            with self._pool.lent() as peer:
                outcome = peer.move(patient, move, self._destination)
        except MoveIncompleteError as error:
            moved.incomplete.append(error)
            return error.outcome
        except DicomError as error:
            if error.code not in LIST_REFUSED or not is_list(move):
                raise
            moved.refused_lists.append(move)
            return None
        moved.done.append(move)
        return outcome


def is_list(move: Move) -> bool:
    """Return whether a move names more than one series or instance."""
    return max(len(move.series), len(move.instances)) > 1


def _sum(outcomes: list[MoveOutcome]) -> MoveOutcome:
    counts = {
        part.name: sum(getattr(one, part.name) for one in outcomes)
        for part in fields(MoveOutcome)
        if part.name != "failed_instances"
    }
    failed = tuple(sorted(uid for one in outcomes for uid in one.failed_instances))
    return MoveOutcome(**counts, failed_instances=failed)
