from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from gatekit.dicom.memory import MemoryPeer
from gatekit.errors import DicomError
from gatekit.pacs_gateway.audit import Audit
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.guard import MoveGuard
from gatekit.pacs_gateway.metrics import Metrics
from gatekit.pacs_gateway.queue import OpenMove
from gatekit.pacs_gateway.requests import Reason
from gatekit.pacs_gateway.settle import Clock
from gatekit.pacs_gateway.worker import Worker
from tests.unit.gatekit.pacs_gateway.gateway import PLAN, SOURCE
from tests.unit.gatekit.pacs_gateway.memory_links import MemoryLinks, studies
from tests.unit.gatekit.pacs_gateway.memory_queue import NOW, PATIENT, MemoryQueue, request

LIMITS = Limits(backoff_first_s=10.0, faults_until_dead=3, settle_s=5.0)


@dataclass
class Bench:
    """One worker with everything around it in memory."""

    queue: MemoryQueue = field(default_factory=lambda: MemoryQueue([request()]))
    links: MemoryLinks = field(default_factory=lambda: MemoryLinks(MemoryPeer(studies(2))))
    free: int = 10**15
    stopping: bool = False
    records: list[bytes] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)
    seconds: float = 0.0

    def work(self) -> list[tuple[Any, ...]]:
        guard = MoveGuard(PLAN, LIMITS, lambda: self.stopping, lambda: NOW, lambda _: self.free)
        audit = Audit(PLAN, lambda: None, self.records.append)
        clock = Clock(lambda: self.seconds, self._wait)
        key = {"main": self.links}
        worker = Worker(
            SOURCE,
            key,
            self.queue,
            guard,
            LIMITS,
            self.metrics,
            audit,
            lambda patient: patient.fingerprint(b"k"),
            clock,
        )  # type: ignore[arg-type] # the queue's fake
        assert worker.work()
        return self.queue.told

    def _wait(self, seconds: float) -> None:
        self.seconds += seconds


def test_in_3_missing_studies_are_moved_each_recorded_before_and_after() -> None:
    told = Bench().work()
    assert told == [("begin", "1.0"), ("end", 3, 0), ("begin", "1.1"), ("end", 3, 0), ("finish", 6, 2)]


def test_in_4_equal_patient_moves_nothing() -> None:
    bench = Bench(links=MemoryLinks(MemoryPeer(studies(2)), MemoryPeer(studies(2))))
    assert bench.work() == [("finish", 0, 2)]


def test_nothing_due_is_nothing_done() -> None:
    bench = Bench(queue=MemoryQueue([]))
    with pytest.raises(AssertionError):
        bench.work()
    assert bench.queue.told == []


def test_fault_that_passes_waits_with_backoff_and_its_move_stays_open() -> None:
    """The association was cut in the middle: the PACS may still send."""
    bench = Bench()
    bench.links.goes_wrong = DicomError("GW503", "main.move", "connection closed", "Read the log.")
    *before, (verb, reason, until, code) = bench.work()
    assert before == [("begin", "1.0")]
    assert (verb, reason, code) == ("wait", Reason.BACKOFF, "GW503")
    assert timedelta(seconds=5) <= until - NOW <= timedelta(seconds=10)


def test_final_refusal_closes_its_move_and_is_a_dead_letter() -> None:
    bench = Bench()
    bench.links.goes_wrong = DicomError("GW508", "main.move", "0xA801", "Enter the archive at the PACS.")
    assert bench.work() == [("begin", "1.0"), ("end", 0, 0), ("bury", "GW508")]


def test_fault_that_comes_too_often_is_a_dead_letter() -> None:
    bench = Bench(queue=MemoryQueue([request(faults=2)]))
    bench.links.goes_wrong = DicomError("GW501", "main.association", "10.0.0.1", "Start it.")
    assert bench.work()[-1] == ("bury", "GW501")


def test_in_3_open_moves_are_settled_before_anything_is_compared() -> None:
    bench = Bench(queue=MemoryQueue([request()], [OpenMove(1, "main", PATIENT, "1.0")]))
    assert bench.work()[0] == ("settled", 1)
    assert bench.seconds == LIMITS.settle_s


def test_open_move_of_a_pacs_that_is_no_longer_there_is_forgotten() -> None:
    bench = Bench(queue=MemoryQueue([request()], [OpenMove(1, "removed", PATIENT, "1.0")]))
    assert bench.work()[0] == ("settled", 1)
    assert bench.seconds == 0.0


def test_full_archive_lets_the_request_wait_and_nothing_moves() -> None:
    bench = Bench(free=0)
    assert bench.work() == [("wait", Reason.ARCHIVE_FULL, NOW + timedelta(seconds=60), "GW531")]
    assert bench.links.pacs.moves == []


def test_daemon_that_ends_puts_the_request_back() -> None:
    bench = Bench(stopping=True)
    assert bench.work() == [("put back",)]


def test_cancelled_request_begins_no_move() -> None:
    bench = Bench(queue=MemoryQueue([request()], cancel_wanted=True))
    assert bench.work() == [("cancelled",)]
    assert bench.links.pacs.moves == []


def test_lost_database_is_not_taken_for_a_fault_of_the_request() -> None:
    bench = Bench()
    bench.links.goes_wrong = psycopg.OperationalError("gone")
    with pytest.raises(psycopg.OperationalError):
        bench.work()
    assert bench.queue.told == [("begin", "1.0")]


def test_bug_costs_one_request_and_its_text_is_kept_out_of_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.links.goes_wrong = KeyError(PATIENT.patient_id)
    with caplog.at_level(logging.INFO):
        assert bench.work()[-1] == ("bury", "GW532")
    assert PATIENT.patient_id not in "".join(record.getMessage() for record in caplog.records)


def test_audit_tells_query_begin_and_end_of_each_transfer_with_a_hash() -> None:
    bench = Bench()
    bench.work()
    names = [name for record in bench.records for name in (b"110112", b"110102", b"110104") if name in record]
    assert names == [b"110112", b"110102", b"110104", b"110102", b"110104"]
    assert all(PATIENT.patient_id.encode() not in record for record in bench.records)
    assert all(PATIENT.fingerprint(b"k").encode() in record for record in bench.records)


def test_gauge_of_running_moves_is_zero_again_after_a_fault() -> None:
    bench = Bench()
    bench.links.goes_wrong = DicomError("GW503", "main.move", "connection closed", "Read the log.")
    bench.work()
    assert bench.metrics.registry.get_sample_value("gatekit_pacs_moves_running", {"pacs": "main"}) == 0
    assert bench.metrics.registry.get_sample_value("gatekit_pacs_faults_total", {"pacs": "main", "code": "GW503"}) == 1
