"""Where requests come in and are looked up: the side of the queue that needs no lease."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from gatekit.dicom.model import Patient
from gatekit.dicom.patients import patient_at
from gatekit.errors import DicomError
from gatekit.pacs_gateway.lease import Cursor
from gatekit.pacs_gateway.requests import COLUMNS, Priority, Request, State, from_row, patient_key
from gatekit.plan.vm1.model import PacsSource

__all__ = ["Desk"]

# Asked again while it waits: the same request, now as deep and as urgent as either wish, and due at once.
_ENQUEUE = f"""
INSERT INTO request (pacs, patient_id, issuer, patient_key, deep, priority, state)
VALUES (%(pacs)s, %(patient_id)s, %(issuer)s, %(key)s, %(deep)s, %(priority)s, 'queued')
ON CONFLICT (pacs, patient_id, issuer) WHERE state IN ('queued', 'waiting')
DO UPDATE SET deep = request.deep OR excluded.deep, priority = greatest(request.priority, excluded.priority),
    state = 'queued', reason = NULL, not_before = least(request.not_before, excluded.not_before)
RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own columns
_KNOW = """
INSERT INTO known_patient (pacs, patient_id, issuer, patient_key)
VALUES (%(pacs)s, %(patient_id)s, %(issuer)s, %(key)s) ON CONFLICT DO NOTHING
"""
# A running request is told to end before its next move; what is over stays as it is.
_CANCEL = f"""
UPDATE request SET
    cancel_wanted = true,
    state = CASE WHEN state IN ('queued', 'waiting') THEN 'cancelled' ELSE state END,
    ended_at = CASE WHEN state IN ('queued', 'waiting') THEN clock_timestamp() ELSE ended_at END
WHERE id = %s AND state IN ('queued', 'waiting', 'running') RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own columns
_RETRY = f"""
UPDATE request SET state = 'queued', faults = 0, interruptions = 0, reason = NULL, ended_at = NULL,
    cancel_wanted = false, not_before = clock_timestamp()
WHERE id = %s AND state IN ('dead', 'cancelled') RETURNING {COLUMNS}
"""  # noqa: S608 - names of our own columns


class Desk:
    """Requests in, answers out. Every method raises DicomError GW533 when the database does not answer."""

    def __init__(self, database: Mapping[str, Any], sources: Iterable[PacsSource], wake: Callable[[], None]) -> None:
        self._sources = tuple(sources)
        self._wake = wake
        self._pool: ConnectionPool[psycopg.Connection[dict[str, Any]]] = ConnectionPool(
            kwargs={**database, "row_factory": dict_row},
            min_size=1,
            max_size=4,
            timeout=3.0,
            reconnect_timeout=5.0,
            max_lifetime=600.0,
            check=ConnectionPool.check_connection,
            open=False,
        )

    def open(self) -> None:
        """Begin to connect; a database that is down is no error yet."""
        self._pool.open(wait=False)

    def close(self) -> None:
        """End every session."""
        self._pool.close()

    def ask(self, patient: Patient, pacs: str | None, *, deep: bool, priority: int = Priority.PERSON) -> list[Request]:
        """Return the open request at each PACS, made if there was none; durable when this returns.

        Args:
            patient: as the caller writes the id; each PACS gets its own spelling.
            pacs: one PACS, or None for all whose ids have this patient's issuer.
            deep: compare every instance.
            priority: higher goes first; see Priority.
        Raises:
            DicomError: GW517 and GW520 for the id, GW534 for a PACS the site file does not have.
        """
        spelled = list(self._spellings(patient, pacs))
        with self._transaction() as cursor:
            rows = []
            for name, there in spelled:
                key = patient_key(there)
                values = {"pacs": name, "patient_id": there.patient_id, "issuer": there.issuer, "key": key}
                cursor.execute(_KNOW, values)
                row = cursor.execute(_ENQUEUE, {**values, "deep": deep, "priority": priority}).fetchone()
                rows += [row] if row else []
        self._wake()
        return [from_row(row) for row in rows]

    def _spellings(self, patient: Patient, pacs: str | None) -> Iterator[tuple[str, Patient]]:
        sources = [source for source in self._sources if pacs in (None, source.name)]
        if not sources:
            names = ", ".join(source.name for source in self._sources)
            raise DicomError("GW534", "request.pacs", pacs, f"Name a PACS of the site file: {names}.")
        others = 0
        for source in sources:
            try:
                yield source.name, patient_at(patient, source.patient_id, source.name)
            except DicomError as error:
                others += 1
                # Of several PACS, those with ids of another issuer are simply not this patient's.
                if error.code != "GW520" or others == len(sources):
                    raise

    def find(self, number: UUID) -> Request:
        """Return the request.

        Raises:
            DicomError: GW534 when there is none.
        """
        return self._one(f"SELECT {COLUMNS} FROM request WHERE id = %s", number)  # noqa: S608 - our columns

    def cancel(self, number: UUID) -> Request:
        """Return the request, cancelled or, when it runs, to be cancelled before its next move.

        Raises:
            DicomError: GW534 when there is none, or it is over.
        """
        request = self._one(_CANCEL, number)
        self._wake()
        return request

    def retry(self, number: UUID) -> Request:
        """Return the dead letter, queued again with a clean sheet.

        Raises:
            DicomError: GW534 when there is none, or the patient stands in the queue again already.
        """
        try:
            request = self._one(_RETRY, number)
        except psycopg.errors.UniqueViolation:
            fix = "Nothing to do: this patient stands in the queue again already."
            raise DicomError("GW534", "request", str(number), fix) from None  # the driver's text names the patient
        self._wake()
        return request

    def list(self, state: State | None, limit: int) -> list[Request]:
        """Return requests in the order they came, newest first."""
        wanted = f"SELECT {COLUMNS} FROM request WHERE %s::text IS NULL OR state = %s ORDER BY created_at DESC LIMIT %s"  # noqa: S608 - our columns
        with self._transaction() as cursor:
            return [from_row(row) for row in cursor.execute(wanted, (state, state, limit)).fetchall()]

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many requests stand where, by PACS and state; also the sign that the database answers."""
        with self._transaction() as cursor:
            rows = cursor.execute("SELECT pacs, state, count(*) AS n FROM request GROUP BY pacs, state").fetchall()
        return {(row["pacs"], row["state"]): row["n"] for row in rows}

    def _one(self, statement: str, number: UUID) -> Request:
        with self._transaction() as cursor:
            row = cursor.execute(statement, (number,)).fetchone()
        if row is None:
            fix = "Ask for a request that is there and in a state that allows it: gatekit-pacs queue."
            raise DicomError("GW534", "request", str(number), fix)
        return from_row(row)

    @contextmanager
    def _transaction(self) -> Iterator[Cursor]:
        try:
            with self._pool.connection() as connection, connection.cursor() as cursor:
                yield cursor
        except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
            fix = "Look at PostgreSQL: systemctl status postgresql; ask again afterwards."
            raise DicomError("GW533", "database", type(error).__name__, fix) from None
        except psycopg.errors.UndefinedTable:
            fix = "Wait some seconds: the daemon makes its tables when it has the queue."
            raise DicomError("GW533", "database", "no tables yet", fix) from None
