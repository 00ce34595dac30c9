"""The workers' side of the queue in memory, for one request: the fake beside ``gatekit.pacs_gateway.queue``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gatekit.dicom.model import Move, MoveOutcome, Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway.queue import OpenMove
from gatekit.pacs_gateway.requests import Fault, Reason, Request, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENT = Patient("00770077")


def request(*, faults: int = 0, deep: bool = False) -> Request:
    values: dict[str, Any] = {"reason": None, "interruptions": 0, "started_at": NOW, "ended_at": None, "fault": None}
    values |= {"moved_instances": 0, "exchanges": 0, "not_before": NOW, "created_at": NOW, "priority": 10}
    return Request(
        id=UUID(int=7), pacs="main", patient=PATIENT, deep=deep, state=State.RUNNING, faults=faults, **values
    )


@dataclass
class MemoryQueue:
    """``told`` holds every call in its order."""

    waiting: list[Request]
    open: list[OpenMove] = field(default_factory=list)
    cancel_wanted: bool = False
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def claim(self, pacs: str) -> Request | None:
        assert pacs == "main"
        return self.waiting.pop(0) if self.waiting else None

    def begin_move(self, _: Request, move: Move) -> int | None:
        if self.cancel_wanted:
            return None
        self.told.append(("begin", move.study))
        return len(self.told)

    def end_move(self, _: int, outcome: MoveOutcome) -> None:
        self.told.append(("end", outcome.completed, outcome.failed))

    def open_moves(self, _: Request) -> tuple[OpenMove, ...]:
        return tuple(self.open)

    def settled(self, moves: tuple[OpenMove, ...]) -> None:
        self.told.append(("settled", len(moves)))

    def finish(self, _: Request, moved_instances: int, exchanges: int) -> None:
        self.told.append(("finish", moved_instances, exchanges))

    def wait(self, _: Request, reason: Reason, until: datetime, fault: Fault | None) -> None:
        self.told.append(("wait", reason, until, fault and fault.code))

    def put_back(self, _: Request) -> None:
        self.told.append(("put back",))

    def bury(self, _: Request, error: DicomError) -> None:
        self.told.append(("bury", error.code))

    def cancelled(self, _: Request) -> None:
        self.told.append(("cancelled",))
