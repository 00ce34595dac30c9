"""Keep the archive equal to what one PACS publishes of a patient: look, move, see that it arrived (IN-2 .. IN-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from gatekit.dicom.arrival import absent_from, entities_of
from gatekit.dicom.association import Timeouts
from gatekit.dicom.inquiry import find_difference
from gatekit.dicom.model import UIDS_PER_LIST, Difference, Entity, Level, Move, MoveOutcome, Patient, Side
from gatekit.dicom.moving import Moved, MoveSlots, Watch, is_list
from gatekit.dicom.network import DicomPeer
from gatekit.dicom.patients import patient_at
from gatekit.dicom.peers import ARCHIVE, archive_peer, pacs_peer, published
from gatekit.dicom.pool import PeerPool
from gatekit.dicom.withheld import NotArrivedError, Withheld
from gatekit.errors import DicomError
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

__all__ = ["Links", "NotArrivedError", "Synchronised"]

_NOT_RELATIONAL = frozenset({"GW507", "GW509", "GW515"})
"""What a peer says that agreed to relational queries and does not do them."""


@dataclass(frozen=True, slots=True)
class Synchronised:
    """What was moved for one patient; ``exchanges`` counts the C-FINDs to both sides."""

    difference: Difference
    moved_instances: int
    exchanges: int


class Links:
    """Everything towards one PACS and the archive, for any number of threads.

    Associations are kept and lent out; at most ``parallel_moves`` C-MOVEs run at once over all callers. What the
    PACS cannot do (lists of UIDs in a C-MOVE, relational queries) is found out and remembered until it is closed.
    """

    def __init__(
        self,
        source: PacsSource,
        plan: PacsGatewayPlan,
        timeouts: Timeouts | None = None,
        *,
        archive_address: str = "127.0.0.1",
    ) -> None:
        self._source, self._plan = source, plan
        pacs, archive = pacs_peer(source), archive_peer(plan, source, archive_address)
        kept = source.parallel_moves + 1
        self._pools = {
            side: PeerPool(partial(DicomPeer, peer, plan.ae_title, timeouts), kept)
            for side, peer in ((Side.PACS, pacs), (Side.ARCHIVE, archive))
        }
        self._slots = MoveSlots(self._pools[Side.PACS], plan.archive_ae_title, source.parallel_moves)
        self._uids_per_move = UIDS_PER_LIST
        self._relational = frozenset(Side)
        self._withheld = Withheld()

    def difference(self, patient: Patient, today: date, *, deep: bool) -> Difference:
        """Return what the archive lacks of the patient, given as a person or the portal writes the id.

        Raises:
            DicomError: GW501 .. GW517 of a peer, GW519 when no images are published, GW520 for another issuer.
        """
        return self._look(patient_at(patient, self._source.patient_id, self._source.name), today, deep=deep)[0]

    def synchronise(
        self,
        patient: Patient,
        today: date,
        *,
        deep: bool,
        before_move: Callable[[Move], None],
        after_move: Callable[[Move, MoveOutcome], None],
    ) -> Synchronised:
        """Move the difference, each C-MOVE between ``before_move`` and ``after_move``, from several threads at once.

        An exception of a callback stops the rest and is raised here. ``after_move`` is called whenever the PACS
        gave a final count, also when sub-operations failed. Nothing is repeated that may have been done: after an
        error the next call finds out what is still missing.

        Raises:
            MoveIncompleteError: GW510, sub-operations failed; the other moves were done.
            NotArrivedError: GW518, moved and not in the archive; such entities are then ``withheld`` for hours.
            DicomError: as ``difference``, and what a C-MOVE ends with.
        """
        ours = patient_at(patient, self._source.patient_id, self._source.name)
        difference, looks = self._look(ours, today, deep=deep)
        watch = Watch(before_move, after_move)
        moved = self._slots.run(ours, difference.moves(self._uids_per_move), watch)
        moved.raise_fault()
        absent, checks = self._absent(ours, moved.done)
        singles = _in_lists(moved, absent)
        if singles:
            again = self._move_singly(ours, singles, watch)
            still_absent, more = self._absent(ours, again.done)
            if len(still_absent) < len(singles):  # what a list did not bring came one by one
                self._uids_per_move = 1
            absent, checks = (absent - singles) | still_absent, checks + more
            moved.add(again)
        self._withheld.add(absent)
        moved.raise_incomplete()
        if absent:
            raise NotArrivedError(self._source.name, absent)
        return Synchronised(difference, moved.instances, looks + checks)

    def close(self) -> None:
        """Release every association; those in use when their exchange ends."""
        for pool in self._pools.values():
            pool.close()

    def _look(self, ours: Patient, today: date, *, deep: bool) -> tuple[Difference, int]:
        """Return the difference without what is withheld, and the C-FINDs it took."""
        rule = published(self._plan)
        with self._pools[Side.PACS].lent() as pacs, self._pools[Side.ARCHIVE].lent() as archive:
            peers, before = {Side.PACS: pacs, Side.ARCHIVE: archive}, pacs.finds + archive.finds
            while True:
                try:
                    found = find_difference(ours, peers, rule, today, deep=deep, relational=self._relational)
                    break
                except DicomError as error:
                    if error.code not in _NOT_RELATIONAL or not self._disbelieve(error, peers):
                        raise
            return self._withheld.part(found), pacs.finds + archive.finds - before

    def _disbelieve(self, error: DicomError, peers: Mapping[Side, DicomPeer]) -> bool:
        """Ask the side of the error for one parent at a time from now on; return whether it was asked for many."""
        names = {Side.PACS: self._source.name, Side.ARCHIVE: ARCHIVE}
        blamed = {side for side in Side if error.path in {f"{side}.find", f"{names[side]}.find"}}
        guilty = {side for side in blamed & self._relational if peers[side].relational}
        self._relational -= guilty
        return bool(guilty)

    def _absent(self, ours: Patient, done: Iterable[Move]) -> tuple[frozenset[Entity], int]:
        """Return what was moved and is not in the archive, and the C-FINDs it took."""
        entities = [entity for move in done for entity in entities_of(move)]
        with self._pools[Side.ARCHIVE].lent() as archive:
            before = archive.finds
            return absent_from(archive, ours, entities), archive.finds - before

    def _move_singly(self, ours: Patient, entities: frozenset[Entity], watch: Watch) -> Moved:
        """Move one by one what lists of UIDs did not bring."""
        ordered = sorted(entities)
        lacking = Difference(
            series=tuple(one for one in ordered if one.level is Level.SERIES),
            instances=tuple(one for one in ordered if one.level is Level.IMAGE),
        )
        moved = self._slots.run(ours, lacking.moves(1), watch)
        moved.raise_fault()
        return moved


def _in_lists(moved: Moved, absent: frozenset[Entity]) -> frozenset[Entity]:
    """Return what was asked for in lists of UIDs that the PACS refused or followed in part."""
    followed = {entity for move in moved.done if is_list(move) for entity in entities_of(move)}
    refused = {entity for move in moved.refused_lists for entity in entities_of(move)}
    return frozenset(refused | (followed & absent))
