"""The daemon and what holds its moves back or takes its database away: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.stories.pacs_gateway.database import Database
from tests.stories.pacs_gateway.service import MAIN, Service


def local(minutes: int) -> str:
    return f"{datetime.now(ZoneInfo(MAIN.time_zone)) + timedelta(minutes=minutes):%H:%M}"


def done(service: Service, patients: int) -> bool:
    return service.states() == {"done": patients}


def test_database_that_dies_twice_costs_no_request_and_no_second_move(database: Database, service: Service) -> None:
    service.configure(source={"parallel_moves": 4})
    service.open_hospital(100, 2, 20, 0.002)
    service.start()
    numbers = {service.ask(number)["id"] for number in range(100)}
    for _ in range(2):
        time.sleep(1.0)
        database.stop()
        service.wait_until(lambda: not service.is_ready(), 10)
        database.start()
        service.wait_until(service.is_ready, 15)
    service.wait_until(lambda: done(service, 100), 90)
    counted = service.sent()
    assert counted == {"sent": 4000, "held": 4000, "twice": 0, "moves": 200}
    assert {row["id"] for row in service.client.call("GET", "/requests?limit=1000")["requests"]} == numbers
    assert service.process is not None
    assert service.process.poll() is None, "the daemon went away with its database"


def test_moves_wait_for_room_in_the_archive_and_begin_again_by_themselves(service: Service) -> None:
    """More room is asked for than any disk has; then as much as there is."""
    service.configure(minimum_free_gb=10**9)
    service.open_hospital(3, 2, 2, 0.001)
    service.start()
    number, *_ = [service.ask(patient)["id"] for patient in range(3)]
    service.wait_until(lambda: service.states() == {"waiting": 3}, 10)
    told = service.request(number)
    assert (told["reason"], told["fault"]["code"], told["faults"]) == ("archive full", "GW531", 0)
    assert service.client.call("GET", "/health")["archive_has_room"] is False
    assert service.sent()["sent"] == 0
    service.stop()
    service.configure()
    service.start()
    service.wait_until(lambda: done(service, 3), 15)
    assert service.sent() == {"sent": 12, "held": 12, "twice": 0, "moves": 6}


def test_moves_wait_for_their_window_and_equal_patients_do_not(service: Service) -> None:
    service.open_hospital(2, 1, 2, 0.001)
    service.start()
    service.ask(0)
    service.wait_until(lambda: done(service, 1), 10)
    service.stop()
    service.configure(source={"move_windows": [f"{local(60)}-{local(120)}"]})
    service.start()
    equal, lacking = service.ask(0)["id"], service.ask(1)["id"]
    service.wait_until(lambda: service.request(equal)["state"] == "done", 10)
    service.wait_until(lambda: service.request(lacking)["state"] == "waiting", 10)
    told = service.request(lacking)
    wait = datetime.fromisoformat(told["not_before"]) - datetime.now().astimezone()
    assert told["reason"] == "move window"
    assert timedelta(minutes=58) < wait <= timedelta(minutes=60)
    assert service.sent()["sent"] == 2


def test_parallel_moves_of_the_site_file_are_used_and_not_passed(service: Service) -> None:
    service.configure(source={"parallel_moves": 3})
    service.open_hospital(12, 1, 10, 0.02)
    service.start()
    for number in range(12):
        service.ask(number)
    seen = {0}

    def over() -> bool:
        running = re.search(r'gatekit_pacs_moves_running\{pacs="main"\} (\d)', service.metrics())
        seen.add(int(running[1]) if running else 0)
        return done(service, 12)

    service.wait_until(over, 30)
    assert max(seen) == 3


def test_cancelled_request_ends_before_its_next_move(service: Service) -> None:
    service.open_hospital(1, 4, 20, 0.02)
    service.start()
    number = service.ask(0)["id"]
    service.wait_until(lambda: service.sent()["sent"] > 2, 10)
    service.client.call("DELETE", f"/requests/{number}")
    service.wait_until(lambda: service.request(number)["state"] == "cancelled", 10)
    assert service.sent() == {"sent": 20, "held": 20, "twice": 0, "moves": 1}


def test_told_to_stop_it_ends_the_running_move_and_goes_on_after_its_start(service: Service) -> None:
    service.open_hospital(1, 3, 20, 0.03)
    service.start()
    number = service.ask(0)["id"]
    service.wait_until(lambda: service.sent()["sent"] > 2, 10)
    assert service.stop() == 0
    assert service.sent() == {"sent": 20, "held": 20, "twice": 0, "moves": 1}
    service.start()
    service.wait_until(lambda: service.request(number)["state"] == "done", 20)
    assert service.sent() == {"sent": 60, "held": 60, "twice": 0, "moves": 3}


def test_pacs_that_is_down_is_tried_again_until_it_is_back(service: Service) -> None:
    service.configure(limits={"backoff_first_s": 0.2})
    service.start()
    number = service.ask(0)["id"]
    service.wait_until(lambda: service.request(number)["faults"] >= 2, 10)
    assert service.request(number)["fault"]["code"] == "GW501"
    service.open_hospital(1, 1, 1, 0.0)
    service.wait_until(lambda: service.request(number)["state"] == "done", 15)
    assert service.request(number)["fault"] is None


@pytest.mark.parametrize("patient", ["99999999"])
def test_fault_of_our_own_costs_one_request_and_says_nothing_of_the_patient(service: Service, patient: str) -> None:
    """The hospital does not know this patient and answers with nonsense: a KeyError in the middle of our links."""
    service.open_hospital(1, 1, 1, 0.0)
    service.start()
    wrong = service.client.call("POST", f"/patients/{patient}/sync", {})["requests"][0]["id"]
    service.wait_until(lambda: service.request(wrong)["state"] == "dead", 10)
    assert service.request(wrong)["fault"]["code"] == "GW532"
    right = service.ask(0)["id"]
    service.wait_until(lambda: service.request(right)["state"] == "done", 10)
    log = service.log.read_text()
    assert "UnknownPatientError at" in log
    assert patient not in log
