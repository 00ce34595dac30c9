"""Links in memory, on ``gatekit.dicom.memory``: what a PACS does, and what can go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gatekit.dicom.inquiry import find_difference
from gatekit.dicom.memory import Instance, MemoryPeer
from gatekit.dicom.model import Difference, Move, MoveOutcome, Patient, Published, Side
from gatekit.dicom.synchronise import Synchronised

DAY = date(2026, 11, 1)


def studies(number: int) -> set[Instance]:
    return {
        Instance(f"1.{study}", f"1.{study}.1", f"1.{study}.1.{one}", "CT", DAY)
        for study in range(number)
        for one in range(3)
    }


@dataclass
class MemoryLinks:
    """``goes_wrong`` is raised while the first move runs, after the PACS has sent everything."""

    pacs: MemoryPeer
    archive: MemoryPeer = field(default_factory=lambda: MemoryPeer(set()))
    goes_wrong: Exception | None = None

    def difference(self, patient: Patient, today: date, *, deep: bool) -> Difference:
        peers = {Side.PACS: self.pacs, Side.ARCHIVE: self.archive}
        return find_difference(patient, peers, Published(36), today, deep=deep)

    def synchronise(
        self,
        patient: Patient,
        today: date,
        *,
        deep: bool,
        before_move: Callable[[Move], None],
        after_move: Callable[[Move, MoveOutcome], None],
    ) -> Synchronised:
        difference = self.difference(patient, today, deep=deep)
        self.pacs.destination, moved = self.archive, 0
        for move in difference.moves():
            before_move(move)
            outcome = self.pacs.move(patient, move, "ARCHIVE")
            if self.goes_wrong:
                raise self.goes_wrong
            after_move(move, outcome)
            moved += outcome.completed
        return Synchronised(difference, moved, 2)

    def close(self) -> None:
        """Nothing is open."""
