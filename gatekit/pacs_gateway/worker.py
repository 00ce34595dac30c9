"""One request from its claim to its end: settle what died, compare, move, and judge what went wrong."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

import psycopg

from gatekit.dicom.model import Difference, Move, MoveOutcome, Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway.audit import Audit
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.guard import Cancelled, MoveGuard, Stopping, Withheld
from gatekit.pacs_gateway.links import Links, Synchronised
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.queue import OpenMove, Queue
from gatekit.pacs_gateway.requests import Fault, Reason, Request
from gatekit.pacs_gateway.retries import backoff_s, passes_by_itself
from gatekit.pacs_gateway.settle import Clock, has_settled
from gatekit.plan.vm1.model import PacsSource

__all__ = ["Worker"]

_LOG = logging.getLogger(__name__)
_MOVE_MAY_STILL_RUN = frozenset({"GW501", "GW503", "GW504", "GW513"})
"""The association ended before the final response: the PACS may go on sending."""


@dataclass(frozen=True)
class Worker:
    """Does the requests of one PACS, one at a time; several may stand beside each other."""

    source: PacsSource
    links: Mapping[str, Links]  # of every PACS, since a move of any may have to settle
    queue: Queue
    guard: MoveGuard
    limits: Limits
    metrics: Metrics
    audit: Audit
    name_of: Callable[[Patient], str]  # for logs and records: a keyed hash
    clock: Clock = field(default_factory=Clock)

    def work(self) -> bool:
        """Do the next request and return True, or return False when nothing is due.

        Raises:
            psycopg.Error: the lease is lost; whoever takes it next begins this request again.
        """
        request = self.queue.claim(self.source.name)
        if request is None:
            return False
        begun = time.monotonic()
        try:
            done = self._synchronise(request)
        except Withheld as held:
            self._wait(request, held)
        except Stopping:
            self.queue.put_back(request)
        except Cancelled:
            self.queue.cancelled(request)
        except DicomError as error:
            self._failed(request, error)
        except psycopg.Error:
            raise
        except Exception as error:  # noqa: BLE001 - a bug must cost one request, not the service; it is told in full
            _LOG.exception("request %s: a fault of our own", request.id)
            fix = "Send the journal of gatekit-pacs-gateway to the developers."
            self._failed(request, DicomError("GW532", "worker", type(error).__name__, fix))
        else:
            self.queue.finish(request, done.moved_instances, done.exchanges)
            self._tell_done(request, done, time.monotonic() - begun)
        return True

    def _synchronise(self, request: Request) -> Synchronised:
        self._settle(request)
        self.audit.query(self.source, self.name_of(request.patient))
        moves = _Moves(self, request)
        today = self.guard.now().date()
        try:
            done = self.links[self.source.name].synchronise(
                request.patient, today, deep=request.deep, before_move=moves.before, after_move=moves.after
            )
        except Exception as error:
            moves.left(error)
            raise
        moves.left(None)  # lists of UIDs the PACS refused, and which were sent one by one
        return done

    def _settle(self, request: Request) -> None:
        """Wait for the end of moves whose worker died or lost its association.

        Raises:
            Withheld: the archive still grows.
        """
        moves = sorted(self.queue.open_moves(request), key=lambda move: (move.pacs, move.patient.patient_id))
        for (pacs, patient), group in groupby(moves, key=lambda move: (move.pacs, move.patient)):
            theirs: tuple[OpenMove, ...] = tuple(group)
            links = self.links.get(pacs)
            if links is not None:
                self._settle_at(request, links, patient, theirs)
            self.queue.settled(theirs)

    def _settle_at(self, request: Request, links: Links, patient: Patient, moves: tuple[OpenMove, ...]) -> None:
        today = self.guard.now().date()
        _LOG.info("request %s: %d moves may still run; looking at the archive", request.id, len(moves))

        def look() -> Difference:
            if self.guard.stopping():
                raise Stopping
            return links.difference(patient, today, deep=True)

        if not has_settled(look, {move.study for move in moves}, self.limits, self.clock):
            raise Withheld(Reason.SETTLING, self.guard.now() + timedelta(seconds=self.limits.settle_s))

    def _wait(self, request: Request, held: Withheld) -> None:
        self.queue.wait(request, held.reason, held.until, held.fault)
        self.metrics.waits.labels(self.source.name, held.reason.value).inc()
        _LOG.info("request %s: waits until %s, %s", request.id, held.until.isoformat(timespec="seconds"), held.reason)

    def _failed(self, request: Request, error: DicomError) -> None:
        self.metrics.faults.labels(self.source.name, error.code).inc()
        faults = request.faults + 1
        if not passes_by_itself(error) or faults >= self.limits.faults_until_dead:
            self.queue.bury(request, error)
            _LOG.error("request %s of patient %s: dead letter: %s", request.id, self.name_of(request.patient), error)
            return
        delay_s = backoff_s(faults, self.limits, random.random())  # noqa: S311 - spreads load, keeps no secret
        self.queue.wait(request, Reason.BACKOFF, self.guard.now() + timedelta(seconds=delay_s), Fault.of(error))
        _LOG.warning("request %s: fault %d, again in %.0f s: %s", request.id, faults, delay_s, error)

    def _tell_done(self, request: Request, done: Synchronised, duration_s: float) -> None:
        self.metrics.done(self.source.name, done, duration_s, deep=request.deep)
        told = "request %s of patient %s: equal; %d instances moved, %d exchanges, %.2f s"
        name = self.name_of(request.patient)
        _LOG.info(told, request.id, name, done.moved_instances, done.exchanges, duration_s)
        for kept, entities in (("undecided", done.difference.undecided), ("withheld", done.difference.withheld)):
            if entities:
                _LOG.warning("request %s of patient %s: %d %s and not moved", request.id, name, len(entities), kept)


class _Moves:
    """The moves of one request: permitted, recorded, sent, recorded. The links may call from several threads."""

    def __init__(self, worker: Worker, request: Request) -> None:
        self._worker, self._request = worker, request
        self._turn = threading.Lock()
        self._numbers: dict[Move, int] = {}

    def before(self, move: Move) -> None:
        worker = self._worker
        worker.guard.permit(worker.source)
        number = worker.queue.begin_move(self._request, move)
        if number is None:
            raise Cancelled
        with self._turn:
            self._numbers[move] = number
        worker.metrics.moves_running.labels(worker.source.name).inc()
        worker.audit.transfer_begins(worker.source, worker.name_of(self._request.patient), move)

    def after(self, move: Move, outcome: MoveOutcome) -> None:
        worker = self._worker
        with self._turn:
            number = self._numbers.pop(move)
        worker.queue.end_move(number, outcome)
        worker.metrics.moved(worker.source.name, outcome)
        worker.audit.transferred(worker.source, worker.name_of(self._request.patient), move, outcome)

    def left(self, error: Exception | None) -> None:
        """Close the moves that ended without a count, unless the PACS may still be sending them."""
        worker, nothing = self._worker, MoveOutcome()
        with self._turn:
            left, self._numbers = self._numbers, {}
        # Of several moves that ended badly, ``error`` is the first only; what became of the others is not known.
        final = isinstance(error, DicomError) and error.code not in _MOVE_MAY_STILL_RUN and len(left) == 1
        for move, number in left.items():
            worker.metrics.moves_running.labels(worker.source.name).dec()
            if error is None or final:
                worker.queue.end_move(number, nothing)
            patient = worker.name_of(self._request.patient)
            worker.audit.transferred(worker.source, patient, move, nothing, failed=True)
