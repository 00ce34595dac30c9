"""A request as the queue knows it: one patient at one PACS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from gatekit.dicom.model import Patient
from gatekit.errors import GatekitError


class State(StrEnum):
    """Where a request stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"  # until ``not_before``, for ``reason``
    DONE = "done"
    DEAD = "dead"  # a person has to look; ``retry`` queues it again
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.WAITING)
"""States in which the same patient at the same PACS is asked for once only."""


class Reason(StrEnum):
    """What a waiting request waits for."""

    WINDOW = "move window"
    ARCHIVE_FULL = "archive full"
    BACKOFF = "backoff"
    SETTLING = "a move that may still run"


class Priority(IntEnum):
    """Higher goes first."""

    SWEEP = 0
    PERSON = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """The last error of a request, in the four facts of every GatekitError; never a patient's id."""

    code: str
    path: str
    value: str
    fix: str

    @classmethod
    def of(cls, error: GatekitError) -> Fault:
        """Return the facts of an error."""
        return cls(error.code, error.path, str(error.value), error.fix)


@dataclass(frozen=True, slots=True)
class Request:
    """One row of the queue."""

    id: UUID
    pacs: str
    patient: Patient
    deep: bool
    priority: int
    state: State
    reason: str | None
    faults: int
    interruptions: int
    not_before: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    fault: Fault | None
    moved_instances: int
    exchanges: int


COLUMNS = (
    "id, pacs, patient_id, issuer, deep, priority, state, reason, faults, interruptions, not_before, created_at, "
    "started_at, ended_at, fault, moved_instances, exchanges"
)
"""What ``from_row`` reads."""


def from_row(row: dict[str, Any]) -> Request:
    """Return the request of a row of ``COLUMNS``."""
    fault = row["fault"]
    rest = {name: row[name] for name in row if name not in ("patient_id", "issuer", "fault", "state")}
    return Request(
        **rest,
        state=State(row["state"]),
        patient=Patient(row["patient_id"], row["issuer"]),
        fault=Fault(**fault) if fault else None,
    )


def patient_key(patient: Patient) -> str:
    """Return what two spellings of one id share: who has the same key is never worked on twice at a time.

    Two patients may share a key (ids of two issuers); they then wait for each other, nothing worse.
    """
    return patient.patient_id.strip().lstrip("0")
