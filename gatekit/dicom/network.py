"""A DICOM peer on the network: ``Finder`` and ``Mover`` on pynetdicom (IN-2)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from pydicom.dataset import Dataset
from pynetdicom.association import Association

from gatekit.dicom.association import KeptAssociation, Peer, Timeouts
from gatekit.dicom.identifiers import (
    find_identifier,
    is_known,
    move_identifier,
    patient_identifier,
    rows_of,
    without_issuer,
)
from gatekit.dicom.model import Ask, Level, Move, MoveOutcome, Patient, Root, Row
from gatekit.dicom.statuses import Category, MoveIncompleteError, Service, Status, raise_for
from gatekit.errors import DicomError

__all__ = ["DicomPeer", "Peer", "Timeouts"]

_LOG = logging.getLogger(__name__)

_KEY_REFUSED = frozenset({"GW507", "GW509"})
"""How a peer may answer a key that is not of the level that is asked for."""

type _Responses = Iterator[tuple[Dataset, Dataset | None]]


class DicomPeer:
    """One peer behind one kept association; one thread at a time, parallel moves take one object each."""

    def __init__(self, peer: Peer, calling_ae_title: str, timeouts: Timeouts | None = None) -> None:
        self._kept = KeptAssociation(peer, calling_ae_title, timeouts or Timeouts())
        self._peer, self._name = peer, peer.name
        self._gives_issuer = True
        self.finds = 0
        """C-FIND exchanges so far."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release the association."""
        self._kept.release()

    @property
    def relational(self) -> bool:
        """Return whether one query may name many parents; opens the association."""
        return self._kept.relational

    def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
        """Return the peer's answers; one exchange, in the patient root sometimes two for studies.

        A query on an association that stood idle is repeated once on a new one: the peer may have closed it.

        Raises:
            DicomError: GW501 .. GW509, GW511 .. GW514, GW516.
        """
        if self._peer.root is Root.PATIENT and ask.level is Level.STUDY:
            answers = self._studies_in_patient_root(patient, ask)
        else:
            answers = self._answers(find_identifier(patient, ask, self._peer))
        return rows_of(patient, ask, answers, self._peer)

    def move(self, patient: Patient, move: Move, destination: str) -> MoveOutcome:
        """Return how one C-MOVE to the AE ``destination`` ended; never repeated here, since it may have been done.

        Raises:
            DicomError: GW501 .. GW513; GW510 as MoveIncompleteError.
        """
        identifier, model = move_identifier(patient, move, self._peer), self._peer.model(Service.MOVE)

        def send(association: Association) -> _Responses:
            return association.send_c_move(identifier, destination, model)

        *_, (row, status, failed) = self._exchange(Service.MOVE, send)
        outcome = _outcome(status, failed)
        told = outcome.failed or outcome.warning
        if row.code or outcome.failed or (row.category is Category.WARNING and not told):
            value = f"0x{status.Status:04X} {row.meaning}: {outcome.completed} sent, {outcome.failed} failed"
            fix = row.fix or "Read the archive's log for why it refused them; they are asked for again next time."
            raise MoveIncompleteError(f"{self._name}.move", value, fix, outcome)
        return outcome

    def _studies_in_patient_root(self, patient: Patient, ask: Ask) -> list[Dataset]:
        """Return studies that are the patient's own: what names no issuer counts when the patient level has but one."""
        try:
            answers = self._answers(find_identifier(patient, ask, self._peer, issuer=self._gives_issuer))
        except DicomError as error:
            if error.code not in _KEY_REFUSED or not self._gives_issuer:
                raise
            self._gives_issuer = False
            answers = self._answers(find_identifier(patient, ask, self._peer, issuer=False))
        if answers and without_issuer(answers, self._peer):
            known = self._answers(patient_identifier(patient, self._peer))
            if not is_known(patient, known, self._peer):
                return [answer for answer in answers if not without_issuer([answer], self._peer)]
        return answers

    def _answers(self, identifier: Dataset) -> list[Dataset]:
        reused = self._kept.is_open
        try:
            return self._answers_once(identifier)
        except DicomError as error:
            if not reused or error.code != "GW503":
                raise
            return self._answers_once(identifier)

    def _answers_once(self, identifier: Dataset) -> list[Dataset]:
        model = self._peer.model(Service.FIND)

        def send(association: Association) -> _Responses:
            return association.send_c_find(identifier, model)

        self.finds += 1
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
        self._kept.used()
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
