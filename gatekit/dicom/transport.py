"""The seam: what the comparison and the daemon need of a DICOM peer."""

from __future__ import annotations

from typing import Protocol

from gatekit.dicom.model import Ask, Move, MoveOutcome, Patient, Row


class Finder(Protocol):
    """A peer that answers C-FIND."""

    @property
    def relational(self) -> bool:
        """Return whether one question may name many parents, or none (PS3.4 C.5.1.1)."""

    def find(self, patient: Patient, ask: Ask) -> tuple[Row, ...]:
        """Return the peer's answers in its order; one exchange.

        Raises:
            DicomError: GW501 .. GW516.
        """


class Mover(Protocol):
    """A peer that sends by C-MOVE what it is told to."""

    def move(self, patient: Patient, move: Move, destination: str) -> MoveOutcome:
        """Return when the peer has sent everything to the AE ``destination``; one exchange.

        Raises:
            DicomError: GW501 .. GW513; GW510 is ``MoveIncompleteError`` and carries the outcome.
        """
