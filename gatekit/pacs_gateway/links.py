"""What the daemon needs of DICOM: ``gatekit.dicom.synchronise.Links`` offers it, tests bring their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

from gatekit.dicom.model import Difference, Move, MoveOutcome, Patient
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

__all__ = ["Links", "LinksFactory", "Synchronised"]


class Synchronised(Protocol):
    """How one patient became equal."""

    @property
    def difference(self) -> Difference:
        """Return what the archive lacked before."""

    @property
    def moved_instances(self) -> int:
        """Return the instances the PACS says it sent."""

    @property
    def exchanges(self) -> int:
        """Return the C-FIND and C-MOVE requests it took."""


class Links(Protocol):
    """Everything towards one PACS and the archive; several threads may use it at once."""

    def difference(self, patient: Patient, today: date, *, deep: bool) -> Difference:
        """Return what the archive lacks of the patient; nothing is moved.

        Raises:
            DicomError: GW501 .. GW520.
        """

    def synchronise(
        self,
        patient: Patient,
        today: date,
        *,
        deep: bool,
        before_move: Callable[[Move], None],
        after_move: Callable[[Move, MoveOutcome], None],
    ) -> Synchronised:
        """Move what the archive lacks; each move is announced before it is sent and after its final response.

        What ``before_move`` raises ends it, and that move is not sent.

        Raises:
            DicomError: GW501 .. GW520.
        """

    def close(self) -> None:
        """Release every association."""


type LinksFactory = Callable[[PacsSource, PacsGatewayPlan], Links]
