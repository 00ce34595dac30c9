"""Runs the workers under one lease after another, and the nightly sweep; says whether it is alive."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from gatekit.dicom.model import Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway import sweep
from gatekit.pacs_gateway.audit import Audit
from gatekit.pacs_gateway.configuration import Configuration
from gatekit.pacs_gateway.guard import MoveGuard, free_bytes, hospital_time
from gatekit.pacs_gateway.lease import Lease
from gatekit.pacs_gateway.links import Links
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.queue import Queue
from gatekit.pacs_gateway.worker import Worker
from gatekit.plan.vm1.model import PacsSource

__all__ = ["Supervisor"]

_LOG = logging.getLogger(__name__)
_ROUND_S = 1.0
_RECONNECT_S = 1.0
BEAT_LIMIT_S = 30.0
"""Without a beat for so long the daemon is stuck, and systemd may end it."""


@dataclass
class Supervisor:
    """One thread of its own beside the web server's."""

    configuration: Configuration
    database: Mapping[str, Any]
    links: Mapping[str, Links]
    metrics: Metrics
    audit: Audit
    name_of: Callable[[Patient], str]
    _stop: threading.Event = field(default_factory=threading.Event)
    _due: threading.Condition = field(default_factory=threading.Condition)
    _beat_s: float = field(default_factory=time.monotonic)
    _holds: bool = False
    _stuck: bool = False
    _ended: bool = False
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin no move any more and wait, for a while, for those that run."""
        self._stop.set()
        self.wake()
        if self._thread is not None:
            self._thread.join(self.configuration.limits.finish_moves_s + 5.0)

    def wake(self) -> None:
        """Tell the workers that something may be due."""
        with self._due:
            self._due.notify_all()

    @property
    def alive(self) -> bool:
        """Return whether the supervisor's rounds go on; a database that is down does not stop them."""
        running = self._thread is not None and self._thread.is_alive()
        return running and not self._stuck and time.monotonic() - self._beat_s < BEAT_LIMIT_S

    @property
    def works(self) -> bool:
        """Return whether the queue is ours and worked on."""
        return self._holds

    @property
    def ended_well(self) -> bool:
        """Return whether every worker ended in time."""
        return self._ended and not self._stuck

    def _beat(self) -> None:
        self._beat_s = time.monotonic()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._beat()
            try:
                lease = Lease.take(self.database, lambda: not self._stop.is_set(), self._beat)
                if lease is not None:
                    self._hold(lease)
            except psycopg.Error as error:
                _LOG.warning("the database does not answer: %s", type(error).__name__)
                self._stop.wait(_RECONNECT_S)
        self._ended = True

    def _hold(self, lease: Lease) -> None:
        ended = threading.Event()
        threads: list[threading.Thread] = []
        try:
            queue = Queue(lease)
            recovered = queue.recover(self.configuration.limits.interruptions_until_dead)
            self.metrics.leases.inc()
            self.metrics.recovered.inc(recovered.requeued)
            told = "the queue is ours: %d interrupted requests queued again, %d buried, %d moves may still run"
            _LOG.info(told, recovered.requeued, recovered.buried, recovered.open_moves)
            threads = list(self._workers(queue, lease, ended))
            self._holds = True
            while not self._stop.is_set() and not ended.wait(_ROUND_S):
                self._beat()
                lease.probe()
                self._round(lease)
        finally:
            self._holds = False
            ended.set()
            self.wake()
            self._join(threads)
            lease.close()

    def _workers(self, queue: Queue, lease: Lease, ended: threading.Event) -> list[threading.Thread]:
        plan, limits = self.configuration.gateway, self.configuration.limits

        def stopping() -> bool:
            return self._stop.is_set() or ended.is_set() or lease.lost

        guard = MoveGuard(plan, limits, stopping, lambda: hospital_time(plan))
        threads = []
        for source in plan.sources:
            worker = Worker(source, self.links, queue, guard, limits, self.metrics, self.audit, self.name_of)
            for number in range(source.parallel_moves):
                words = (worker, source, stopping, ended)
                threads.append(threading.Thread(target=self._work, args=words, name=f"{source.name}-{number}"))
        for thread in threads:
            thread.daemon = True  # what still moves when we end is settled by the next lease
            thread.start()
        return threads

    def _work(self, worker: Worker, source: PacsSource, stopping: Callable[[], bool], ended: threading.Event) -> None:
        try:
            while not stopping():
                if not worker.work() and not stopping():
                    with self._due:
                        self._due.wait(_ROUND_S)
        except psycopg.Error as error:
            _LOG.warning("worker of %s: the lease is lost: %s", source.name, type(error).__name__)
        finally:
            ended.set()

    def _round(self, lease: Lease) -> None:
        plan, limits = self.configuration.gateway, self.configuration.limits
        try:
            self.metrics.free_bytes.set(free_bytes(plan.storage_folder))
        except DicomError:
            self.metrics.free_bytes.set(0)
        night = sweep.due(plan, limits, hospital_time(plan))
        if night is None:
            return
        day, deep = night
        asked = sweep.sweep(lease, plan, limits, day, deep=deep)
        if asked is not None:
            self.metrics.last_sweep.set_to_current_time()
            forgotten = sweep.forget(lease, limits.kept_days)
            _LOG.info("sweep of %s: %d patients, deep %s; %d old requests removed", day, asked, deep, forgotten)

    def _join(self, threads: list[threading.Thread]) -> None:
        """Wait for the workers; what cannot end in time ends with the daemon, before anybody takes a new lease."""
        end = time.monotonic() + self.configuration.limits.finish_moves_s
        while any(thread.is_alive() for thread in threads) and time.monotonic() < end:
            self._beat()
            next(thread for thread in threads if thread.is_alive()).join(0.2)
        if any(thread.is_alive() for thread in threads):
            self._stuck = True  # the daemon ends and systemd starts it anew: two leases must not share a process
            self._stop.set()
