"""A DICOM peer on the network: ``Finder`` and ``Mover`` on pynetdicom (IN-2)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from pydicom.dataset import Dataset
from pynetdicom.association import Association

from gatekit.dicom.association import MODELS, KeptAssociation, Peer, Timeouts
from gatekit.dicom.identifiers import find_identifier, move_identifier, rows_of
from gatekit.dicom.model import Ask, Move, MoveOutcome, Patient, Row
from gatekit.dicom.statuses import Category, MoveIncompleteError, Service, Status, raise_for
from gatekit.errors import DicomError

__all__ = ["DicomPeer", "Peer", "Timeouts"]

_LOG = logging.getLogger(__name__)

type _Responses = Iterator[tuple[Dataset, Dataset | None]]


class DicomPeer:
    """One peer behind one kept association; one thread at a time, parallel moves take one object each."""

    def __init__(self, peer: Peer, calling_ae_title: str, timeouts: Timeouts | None = None) -> None:
        self._kept = KeptAssociation(peer, calling_ae_title, timeouts or Timeouts())
        self._name = peer.name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release the association."""
        self._kept.release()

    @property
    def relational(self) -> bool:
        """Return whether the peer agreed to relational queries; opens the association."""
        return self._kept.relational

    def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
        """Return the peer's answers to one C-FIND.

        A query on an association that stood idle is repeated once on a new one: the peer may have closed it.

        Raises:
            DicomError: GW501 .. GW509, GW511 .. GW514, GW516.
        """
        reused = self._kept.is_open
        try:
            answers = self._answers(patient, ask)
        except DicomError as error:
            if not reused or error.code != "GW503":
                raise
            answers = self._answers(patient, ask)
        return rows_of(patient, ask, answers, self._name)

    def move(self, move: Move, destination: str) -> MoveOutcome:
        """Return how one C-MOVE to the AE ``destination`` ended; never repeated here, since it may have been done.

        Raises:
            DicomError: GW501 .. GW513; GW510 as MoveIncompleteError.
        """
        identifier = move_identifier(move)

        def send(association: Association) -> _Responses:
            return association.send_c_move(identifier, destination, MODELS[Service.MOVE])

        *_, (row, status, failed) = self._exchange(Service.MOVE, send)
        outcome = _outcome(status, failed)
        told = outcome.failed or outcome.warning
        if row.code or outcome.failed or (row.category is Category.WARNING and not told):
            value = f"0x{status.Status:04X} {row.meaning}: {outcome.completed} sent, {outcome.failed} failed"
            fix = row.fix or "Read the archive's log for why it refused them; they are asked for again next time."
            raise MoveIncompleteError(f"{self._name}.move", value, fix, outcome)
        return outcome

    def _answers(self, patient: Patient, ask: Ask) -> list[Dataset]:
        identifier = find_identifier(patient, ask)

        def send(association: Association) -> _Responses:
            return association.send_c_find(identifier, MODELS[Service.FIND])

        answers = []
        for row, _, answer in self._exchange(Service.FIND, send):
            if row.category is Category.PENDING and answer is None:
                self._kept.abort()
                raise DicomError("GW514", f"{self._name}.find", "identifier", "Show the PACS vendor this answer.")
            if row.category is Category.PENDING and answer is not None:
                answers.append(answer)
        return answers

    def _exchange(
        self, service: Service, send: Callable[[Association], _Responses]
    ) -> Iterator[tuple[Status, Dataset, Dataset | None]]:
        """Yield every response of one request with its row of the table.

        Raises:
            DicomError: for a failure status, and for an association that is lost on the way.
        """
        association = self._kept.ready_for(service)
        started_s = heard_s = time.monotonic()
        try:
            responses = send(association)
        except RuntimeError:  # it was closed between the look and the deed
            raise self._kept.lost(service, 0.0) from None
        count = 0
        for count, (status, identifier) in enumerate(responses, start=1):  # noqa: B007 - logged below
            if "Status" not in status:
                raise self._kept.lost(service, time.monotonic() - heard_s)
            heard_s = time.monotonic()
            yield raise_for(service, status.Status, self._name), status, identifier
        _LOG.debug("%s.%s: %d responses in %.3f s", self._name, service.value, count, heard_s - started_s)


def _outcome(status: Dataset, failed: Dataset | None) -> MoveOutcome:
    listed = failed.get("FailedSOPInstanceUIDList") if failed else None
    uids = [] if not listed else [listed] if isinstance(listed, str) else list(listed)
    return MoveOutcome(
        completed=status.get("NumberOfCompletedSuboperations") or 0,
        failed=status.get("NumberOfFailedSuboperations") or 0,
        warning=status.get("NumberOfWarningSuboperations") or 0,
        failed_instances=tuple(sorted(str(uid) for uid in uids)),
    )
