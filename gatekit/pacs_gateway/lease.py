"""The one database session that may change running work.

Its advisory lock is the proof that its holder lives: PostgreSQL takes it away the moment the holder's connection
ends, be it by kill -9. Every write of the workers goes through this session, so a holder that lost it cannot claim,
finish or begin a move any more.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Self

import psycopg
from psycopg.rows import dict_row

__all__ = ["Cursor", "Lease"]

type Cursor = psycopg.Cursor[dict[str, Any]]

_LOG = logging.getLogger(__name__)
_LOCK = 0x67_61_74_65_6B_69_74  # "gatekit"


class Lease:
    """The session; ``transaction`` is safe to use from several threads, one after the other."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self._connection = connection
        self._turn = threading.Lock()

    @classmethod
    def take(cls, database: Mapping[str, Any], wanted: Callable[[], bool], beat: Callable[[], None]) -> Self | None:
        """Return the lease as soon as nobody else holds it; None when it is no longer wanted.

        Raises:
            psycopg.OperationalError: the database does not answer.
        """
        connection: psycopg.Connection[dict[str, Any]] = psycopg.connect(
            **database, autocommit=True, row_factory=dict_row
        )
        waited = False
        while wanted():
            beat()
            row = connection.execute("SELECT pg_try_advisory_lock(%s) AS held", (_LOCK,)).fetchone()
            if row is not None and row["held"]:
                lease = cls(connection)
                lease.prepare()
                return lease
            if not waited:
                _LOG.warning("another daemon holds the queue; waiting for it to end")
            waited = True
            time.sleep(0.2)
        connection.close()
        return None

    @property
    def lost(self) -> bool:
        """Return whether the session ended; nothing can be written through it any more."""
        return self._connection.closed

    @contextmanager
    def transaction(self) -> Iterator[Cursor]:
        """Yield a cursor; what is done with it is committed together, on the disk, or not at all.

        Raises:
            psycopg.Error: nothing was committed, or nobody knows: then the lease is lost.
        """
        with self._turn, self._connection.transaction(), self._connection.cursor() as cursor:
            yield cursor

    def probe(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            psycopg.OperationalError: the lease is lost.
        """
        with self.transaction() as cursor:
            cursor.execute("SELECT 1")

    def prepare(self) -> None:
        """Make the tables that are missing."""
        with self.transaction() as cursor:
            cursor.execute(files(__package__).joinpath("schema.sql").read_bytes())

    def close(self) -> None:
        """End the session, and with it the lease."""
        self._connection.close()
