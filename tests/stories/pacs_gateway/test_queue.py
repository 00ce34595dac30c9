"""The durable queue against a real PostgreSQL: order, once only, fencing, recovery, sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
import pytest

from gatekit.dicom.model import Level, Move, MoveOutcome, Patient
from gatekit.errors import DicomError
from gatekit.pacs_gateway import sweep
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.desk import Desk
from gatekit.pacs_gateway.lease import Lease
from gatekit.pacs_gateway.queue import Queue
from gatekit.pacs_gateway.requests import Fault, Priority, Reason, Request, State
from gatekit.plan.vm1.model import PatientIdRule
from tests.stories.pacs_gateway.database import Database
from tests.stories.pacs_gateway.service import MAIN

SOURCE = MAIN.sources[0].model_copy(update={"patient_id": PatientIdRule(digits=8, issuer="")})
OTHER = SOURCE.model_copy(update={"name": "other", "patient_id": PatientIdRule(digits=None, issuer="CLINIC")})
PLAN_OF_TWO = MAIN.model_copy(update={"sources": (SOURCE, OTHER)})
ANNA, BERT = Patient("00000001"), Patient("00000002")
STUDY = Move(Level.STUDY, "1.2.3")


def take(database: Database) -> Lease:
    lease = Lease.take(database.url(), lambda: True, lambda: None)
    assert lease is not None
    return lease


@pytest.fixture
def lease(database: Database) -> Iterator[Lease]:
    made = take(database)
    yield made
    made.close()


@pytest.fixture
def queue(lease: Lease) -> Queue:
    return Queue(lease)


@pytest.fixture
def desk(database: Database, lease: Lease) -> Iterator[Desk]:
    made = Desk(database.url(), PLAN_OF_TWO.sources, lambda: None)
    made.open()
    yield made
    made.close()


def ask(desk: Desk, patient: Patient, *, deep: bool = False, priority: int = Priority.PERSON) -> Request:
    (request,) = desk.ask(patient, "main", deep=deep, priority=priority)
    return request


def claimed(queue: Queue) -> Request:
    request = queue.claim("main")
    assert request is not None
    return request


def test_request_of_a_person_goes_before_the_sweep_and_the_older_before_the_newer(desk: Desk, queue: Queue) -> None:
    slow, first, second = ask(desk, ANNA, priority=0), ask(desk, BERT), ask(desk, Patient("3"))
    assert [claimed(queue).id for _ in range(3)] == [first.id, second.id, slow.id]
    assert queue.claim("main") is None


def test_asking_again_keeps_the_number_and_takes_the_higher_of_both_wishes(desk: Desk, queue: Queue) -> None:
    before, after = ask(desk, ANNA, priority=0), ask(desk, Patient(" 1 "), deep=True, priority=10)
    assert (after.id, after.deep, after.priority) == (before.id, True, 10)
    assert claimed(queue).id == before.id
    assert queue.claim("main") is None


def test_asking_while_it_runs_makes_a_second_request_that_waits_for_the_first(desk: Desk, queue: Queue) -> None:
    """What was stored after the comparison must be found too."""
    first = ask(desk, ANNA)
    running = claimed(queue)
    second = ask(desk, ANNA)
    assert second.id != first.id
    assert queue.claim("main") is None
    queue.finish(running, 3, 2)
    assert claimed(queue).id == second.id


def test_one_patient_is_not_worked_on_for_two_pacs_at_a_time(desk: Desk, queue: Queue) -> None:
    requests = desk.ask(ANNA, None, deep=False)
    assert [request.pacs for request in requests] == ["main", "other"]
    running = claimed(queue)
    assert queue.claim("other") is None
    queue.finish(running, 0, 2)
    assert queue.claim("other") is not None


def test_patient_of_one_issuer_is_not_asked_of_a_pacs_of_another(desk: Desk) -> None:
    rule = SOURCE.model_copy(update={"patient_id": PatientIdRule(digits=8, issuer="HOSPITAL")})
    both = Desk.__new__(Desk)
    both._sources = (rule, OTHER)
    assert [name for name, _ in both._spellings(Patient("1", "CLINIC"), None)] == ["other"]
    with pytest.raises(DicomError) as caught:
        list(both._spellings(Patient("1", "ELSEWHERE"), None))
    assert caught.value.code == "GW520"
    with pytest.raises(DicomError) as caught:
        desk.ask(ANNA, "nowhere", deep=False)
    assert caught.value.facts[:3] == ("GW534", "request.pacs", "nowhere")


def test_second_daemon_waits_until_the_first_one_is_gone(database: Database, lease: Lease) -> None:
    answers = iter([True, True, False])
    assert Lease.take(database.url(), lambda: next(answers), lambda: None) is None
    lease.close()
    take(database).close()


def test_whoever_lost_the_lease_can_neither_claim_nor_begin_a_move(
    database: Database, lease: Lease, desk: Desk, queue: Queue
) -> None:
    ask(desk, ANNA)
    request = claimed(queue)
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'pacs_gateway'")
    with pytest.raises(psycopg.OperationalError):
        queue.begin_move(request, STUDY)
    assert lease.lost
    with pytest.raises(psycopg.OperationalError):
        queue.claim("main")


def test_new_lease_queues_what_was_running_at_once_with_its_open_moves(
    database: Database, lease: Lease, desk: Desk, queue: Queue
) -> None:
    number = ask(desk, ANNA).id
    queue.begin_move(claimed(queue), STUDY)
    lease.close()
    successor = take(database)
    again = Queue(successor)
    found = again.recover(20)
    assert (found.requeued, found.buried, found.open_moves) == (1, 0, 1)
    request = claimed(again)
    assert (request.id, request.interruptions, request.faults) == (number, 1, 0)
    assert [(move.pacs, move.patient, move.study) for move in again.open_moves(request)] == [("main", ANNA, "1.2.3")]
    again.settled(again.open_moves(request))
    assert again.open_moves(request) == ()
    successor.close()


def test_request_that_ends_the_daemon_each_time_becomes_a_dead_letter(desk: Desk, queue: Queue) -> None:
    number = ask(desk, ANNA).id
    for _ in range(2):
        claimed(queue)
        assert queue.recover(3).requeued == 1
    claimed(queue)
    assert queue.recover(3).buried == 1
    dead = desk.find(number)
    assert (dead.state, dead.fault and dead.fault.code) == (State.DEAD, "GW532")


def test_waiting_request_is_not_due_before_its_time(desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA)
    later, fault = datetime.now(UTC) + timedelta(hours=1), Fault("GW501", "main.association", "10.0.0.1", "Start it.")
    request = claimed(queue)
    queue.wait(request, Reason.BACKOFF, later, fault)
    waiting = desk.find(request.id)
    assert (waiting.state, waiting.reason, waiting.faults, waiting.fault) == (State.WAITING, "backoff", 1, fault)
    assert waiting.not_before == later
    assert queue.claim("main") is None
    assert ask(desk, ANNA).id == request.id  # a person does not wait for the backoff
    assert claimed(queue).faults == 1


def test_window_and_full_archive_count_as_no_fault(desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA)
    for reason in (Reason.WINDOW, Reason.ARCHIVE_FULL, Reason.SETTLING):
        request = claimed(queue)
        queue.wait(request, reason, datetime.now(UTC), None)
        assert (desk.find(request.id).reason, desk.find(request.id).faults) == (reason, 0)


def test_failed_request_gives_way_to_a_newer_one_for_the_same_patient(desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA, deep=True)
    running = claimed(queue)
    newer = ask(desk, ANNA)
    queue.wait(running, Reason.BACKOFF, datetime.now(UTC), None)
    assert desk.find(running.id).state is State.CANCELLED
    assert (desk.find(newer.id).state, desk.find(newer.id).deep) == (State.QUEUED, True)


def test_dead_letter_is_listed_and_queued_again_with_a_clean_sheet(desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA)
    queue.bury(claimed(queue), DicomError("GW508", "main.move", "0xA801", "Enter the archive at the PACS."))
    (dead,) = desk.list(State.DEAD, 10)
    assert (dead.fault and dead.fault.code, dead.faults) == ("GW508", 1)
    desk.retry(dead.id)
    assert (claimed(queue).id, claimed_faults(desk, dead.id)) == (dead.id, 0)


def claimed_faults(desk: Desk, number: UUID) -> int:
    return desk.find(number).faults


def test_dead_letter_of_a_patient_who_is_queued_again_is_refused_without_naming_him(desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA)
    dead = claimed(queue)
    queue.bury(dead, DicomError("GW508", "main.move", "0xA801", "Enter the archive at the PACS."))
    ask(desk, ANNA)
    with pytest.raises(DicomError) as caught:
        desk.retry(dead.id)
    assert caught.value.facts[:3] == ("GW534", "request", str(dead.id))
    assert ANNA.patient_id not in repr(caught.value) + repr(caught.value.__cause__)


def test_cancelled_request_is_not_claimed_and_a_running_one_begins_no_move(desk: Desk, queue: Queue) -> None:
    waiting, running = ask(desk, ANNA), ask(desk, BERT)
    assert desk.cancel(waiting.id).state is State.CANCELLED
    request = claimed(queue)
    assert request.id == running.id
    assert queue.begin_move(request, STUDY) is not None
    assert desk.cancel(running.id).state is State.RUNNING
    assert queue.begin_move(request, replace(STUDY, study="1.2.4")) is None
    queue.cancelled(request)
    assert desk.find(running.id).state is State.CANCELLED
    with pytest.raises(DicomError) as caught:
        desk.cancel(running.id)
    assert caught.value.code == "GW534"


def test_finished_move_is_closed_with_its_counts(database: Database, desk: Desk, queue: Queue) -> None:
    ask(desk, ANNA)
    request = claimed(queue)
    number = queue.begin_move(request, STUDY)
    assert number is not None
    queue.end_move(number, MoveOutcome(completed=7, failed=1))
    assert queue.open_moves(request) == ()
    with database.connect() as connection:
        assert connection.execute("SELECT completed, failed FROM move").fetchall() == [(7, 1)]


def test_sweep_asks_everybody_known_once_a_night_spread_and_lowest(
    database: Database, lease: Lease, desk: Desk, queue: Queue
) -> None:
    for number in range(10):
        ask(desk, Patient(str(number + 1)))
        queue.finish(claimed(queue), 0, 2)
    waiting = ask(desk, ANNA)  # and is not asked a second time
    night, limits = date(2026, 11, 22), Limits(sweep_spread_s=3600)
    assert sweep.sweep(lease, PLAN_OF_TWO, limits, night, deep=True) == 10
    assert sweep.sweep(lease, PLAN_OF_TWO, limits, night, deep=True) is None
    queued = desk.list(State.QUEUED, 100)
    assert [(one.deep, one.priority) for one in queued if one.id != waiting.id] == [(True, 0)] * 9
    assert (desk.find(waiting.id).deep, desk.find(waiting.id).priority) == (True, 10)
    offsets = sorted((one.not_before - datetime.now(UTC)).total_seconds() for one in queued)
    assert offsets[-1] > 3000
    assert all(later - earlier > 300 for earlier, later in pairwise(offsets[1:]))


def test_old_requests_that_ended_well_are_removed_and_dead_letters_stay(
    database: Database, lease: Lease, desk: Desk, queue: Queue
) -> None:
    old, dead, young = (ask(desk, Patient(name)) for name in "123")
    queue.finish(claimed(queue), 0, 2)
    queue.bury(claimed(queue), DicomError("GW508", "main.move", "0xA801", "Enter the archive at the PACS."))
    with database.connect() as connection:
        connection.execute("UPDATE request SET ended_at = ended_at - interval '31 days' WHERE ended_at IS NOT NULL")
    queue.finish(claimed(queue), 0, 2)
    assert sweep.forget(lease, 30) == 1
    assert {one.id for one in desk.list(None, 10)} == {dead.id, young.id}
    with pytest.raises(DicomError):
        desk.find(old.id)


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda desk: desk.counts(), id="counts"),
        pytest.param(lambda desk: desk.ask(ANNA, None, deep=False), id="ask"),
        pytest.param(lambda desk: desk.list(None, 1), id="list"),
    ],
)
def test_database_that_is_gone_is_gw533_and_named_by_no_patient(server: Database, use: Callable[[Desk], Any]) -> None:
    nobody = Desk({**server.url(), "port": 9}, PLAN_OF_TWO.sources, lambda: None)
    nobody.open()
    with pytest.raises(DicomError) as caught:
        use(nobody)
    assert caught.value.facts[:2] == ("GW533", "database")
    nobody.close()
