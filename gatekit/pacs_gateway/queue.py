"""The workers' side of the durable queue: claim, record each move, end. Everything through the lease."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from gatekit.dicom.model import Move, MoveOutcome, Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway.lease import Cursor, Lease
from gatekit.pacs_gateway.requests import COLUMNS, Fault, Reason, Request, from_row, patient_key

__all__ = ["OpenMove", "Queue", "Recovered"]

# The archive answers for all of a patient, so one worker at a time; SKIP LOCKED passes what is being cancelled.
_CLAIM = f"""
UPDATE request SET state = 'running', reason = NULL, started_at = clock_timestamp()
WHERE id = (
    SELECT id FROM request AS next
    WHERE pacs = %s AND state IN ('queued', 'waiting') AND not_before <= clock_timestamp()
      AND NOT EXISTS (SELECT FROM request AS busy WHERE busy.state = 'running' AND busy.patient_key = next.patient_key)
    ORDER BY priority DESC, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own columns
# A newer request for the same patient may stand in the queue already: it takes over what this one wanted.
_REQUEUE = """
WITH newer AS (
    UPDATE request AS open SET deep = open.deep OR %(deep)s, priority = greatest(open.priority, %(priority)s)
    WHERE open.pacs = %(pacs)s AND open.patient_id = %(patient_id)s AND open.issuer = %(issuer)s
      AND open.state IN ('queued', 'waiting')
    RETURNING open.id)
UPDATE request SET
    state = CASE WHEN EXISTS (SELECT FROM newer) OR cancel_wanted THEN 'cancelled' ELSE %(state)s END,
    ended_at = CASE WHEN EXISTS (SELECT FROM newer) OR cancel_wanted THEN clock_timestamp() END,
    reason = CASE WHEN EXISTS (SELECT FROM newer) THEN 'taken over by a newer request' ELSE %(reason)s END,
    not_before = %(not_before)s, fault = coalesce(%(fault)s, fault),
    faults = faults + %(counted)s, interruptions = interruptions + %(interrupted)s
WHERE id = %(id)s AND state = 'running'
"""
_RECORD = """
INSERT INTO move (request, pacs, patient_id, issuer, patient_key, level, study, series, instances)
SELECT id, pacs, patient_id, issuer, patient_key, %s, %s, %s, %s FROM request
WHERE id = %s AND state = 'running' AND NOT cancel_wanted
RETURNING id
"""
_EQUAL = """
UPDATE known_patient SET equal_at = clock_timestamp(),
    deeply_equal_at = CASE WHEN %s THEN clock_timestamp() ELSE deeply_equal_at END
WHERE pacs = %s AND patient_id = %s AND issuer = %s
"""


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move that was begun and whose end nobody saw."""

    id: int
    pacs: str
    patient: Patient
    study: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a new lease found of the one before."""

    requeued: int
    buried: int
    open_moves: int


class Queue:
    """The queue behind one lease."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def recover(self, interruptions_until_dead: int) -> Recovered:
        """Queue again, at once, whatever was running when the lease before this one ended.

        A request that was interrupted too often is a dead letter: it may be what ends the daemon.
        """
        fix = "Read the journal of gatekit-pacs-gateway: this request was running each time the daemon ended."
        fault = Fault("GW532", "request", f"interrupted {interruptions_until_dead} times", fix)
        with self._lease.transaction() as cursor:
            rows = cursor.execute(f"SELECT {COLUMNS} FROM request WHERE state = 'running'").fetchall()  # noqa: S608 - our columns
            orphans = [from_row(row) for row in rows]
            for orphan in orphans:
                if orphan.interruptions + 1 >= interruptions_until_dead:
                    self._end(cursor, orphan.id, "dead", fault)
                else:
                    self._requeue(cursor, orphan, "queued", None, None, interrupted=1)
            left = cursor.execute("SELECT count(*) AS moves FROM move WHERE ended_at IS NULL").fetchone()
        buried = sum(orphan.interruptions + 1 >= interruptions_until_dead for orphan in orphans)
        return Recovered(len(orphans) - buried, buried, int(left["moves"]) if left else 0)

    def claim(self, pacs: str) -> Request | None:
        """Return the next request for the PACS, from now on running; None when nothing is due."""
        with self._lease.transaction() as cursor:
            row = cursor.execute(_CLAIM, (pacs,)).fetchone()
        return from_row(row) if row else None

    def begin_move(self, request: Request, move: Move) -> int | None:
        """Record the move durably before it is sent and return its number; None: cancelled, send nothing."""
        values = (move.level.value, move.study, list(move.series), list(move.instances), request.id)
        with self._lease.transaction() as cursor:
            row = cursor.execute(_RECORD, values).fetchone()
        return int(row["id"]) if row else None

    def end_move(self, number: int, outcome: MoveOutcome) -> None:
        """Record that the PACS gave its final answer: this move runs no more."""
        ended = "UPDATE move SET ended_at = clock_timestamp(), completed = %s, failed = %s WHERE id = %s"
        with self._lease.transaction() as cursor:
            cursor.execute(ended, (outcome.completed, outcome.failed, number))

    def open_moves(self, request: Request) -> tuple[OpenMove, ...]:
        """Return the moves of this patient, at any PACS, that may still run."""
        wanted = "SELECT id, pacs, patient_id, issuer, study FROM move WHERE patient_key = %s AND ended_at IS NULL"
        with self._lease.transaction() as cursor:
            rows = cursor.execute(wanted, (patient_key(request.patient),)).fetchall()
        return tuple(
            OpenMove(row["id"], row["pacs"], Patient(row["patient_id"], row["issuer"]), row["study"]) for row in rows
        )

    def settled(self, moves: tuple[OpenMove, ...]) -> None:
        """Record that these moves run no more."""
        with self._lease.transaction() as cursor:
            cursor.execute(
                "UPDATE move SET ended_at = clock_timestamp() WHERE id = ANY(%s)", ([move.id for move in moves],)
            )

    def finish(self, request: Request, moved_instances: int, exchanges: int) -> None:
        """End the request: archive and PACS are equal."""
        done = (
            "UPDATE request SET state = 'done', reason = NULL, fault = NULL, ended_at = clock_timestamp(), "
            "moved_instances = %s, exchanges = %s WHERE id = %s AND state = 'running'"
        )
        patient = request.patient
        with self._lease.transaction() as cursor:
            cursor.execute(done, (moved_instances, exchanges, request.id))
            cursor.execute(_EQUAL, (request.deep, request.pacs, patient.patient_id, patient.issuer))

    def wait(self, request: Request, reason: Reason, until: datetime, fault: Fault | None) -> None:
        """Let the request wait; only a backoff counts as a fault."""
        with self._lease.transaction() as cursor:
            counted = int(reason is Reason.BACKOFF)
            self._requeue(cursor, request, "waiting", (reason, until), fault, counted=counted)

    def put_back(self, request: Request) -> None:
        """Queue the request again as it was: the daemon is told to stop."""
        with self._lease.transaction() as cursor:
            self._requeue(cursor, request, "queued", None, None)

    def bury(self, request: Request, error: DicomError) -> None:
        """Make the request a dead letter."""
        with self._lease.transaction() as cursor:
            self._end(cursor, request.id, "dead", Fault.of(error))

    def cancelled(self, request: Request) -> None:
        """End the request as somebody asked."""
        with self._lease.transaction() as cursor:
            self._end(cursor, request.id, "cancelled", None)

    @staticmethod
    def _end(cursor: Cursor, number: UUID, state: str, fault: Fault | None) -> None:
        cursor.execute(
            "UPDATE request SET state = %s, reason = NULL, ended_at = clock_timestamp(), fault = coalesce(%s, fault), "
            "faults = faults + %s WHERE id = %s AND state = 'running'",
            (state, Jsonb(asdict(fault)) if fault else None, int(fault is not None), number),
        )

    @staticmethod
    def _requeue(  # one statement for the four ways back into the queue
        cursor: Cursor,
        request: Request,
        state: str,
        waits: tuple[Reason, datetime] | None,
        fault: Fault | None,
        *,
        counted: int = 0,
        interrupted: int = 0,
    ) -> None:
        cursor.execute(
            _REQUEUE,
            {
                "id": request.id,
                "pacs": request.pacs,
                "patient_id": request.patient.patient_id,
                "issuer": request.patient.issuer,
                "deep": request.deep,
                "priority": request.priority,
                "state": state,
                "reason": waits[0].value if waits else None,
                "not_before": waits[1] if waits else request.not_before,
                "fault": Jsonb(asdict(fault)) if fault else None,
                "counted": counted,
                "interrupted": interrupted,
            },
        )
