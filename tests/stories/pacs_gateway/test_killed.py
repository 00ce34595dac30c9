"""The queue is durable: killed -9 again and again, the service loses no request and moves nothing twice."""

from __future__ import annotations

import random
import time

from tests.stories.pacs_gateway.database import Database
from tests.stories.pacs_gateway.service import Service

PATIENTS, STUDIES, INSTANCES, KILLS = 500, 4, 3, 10
FOUR_MOVES = {"parallel_moves": 4}


def test_in_3_ten_kills_lose_no_request_and_move_nothing_twice(database: Database, service: Service) -> None:
    """500 patients of 4 studies; the PACS goes on sending when the daemon is dead, as a PACS may."""
    service.configure(source=FOUR_MOVES)
    service.open_hospital(PATIENTS, STUDIES, INSTANCES, 0.003)
    service.start()
    asked = [service.ask(number)["id"] for number in range(PATIENTS)]
    chance = random.Random(4)  # noqa: S311 - moments, not secrets
    alive_s = []
    for _ in range(KILLS):
        alive_s.append(chance.uniform(0.2, 2.0))
        time.sleep(alive_s[-1])
        service.kill()
        service.start()
    service.wait_until(lambda: service.states() == {"done": PATIENTS}, 240)
    counted = service.sent()
    print(f"killed after {', '.join(f'{moment:.2f}' for moment in alive_s)} s; the PACS sent {counted}")  # evidence
    assert {service.request(number)["state"] for number in asked} == {"done"}
    assert counted["twice"] == 0
    assert counted["sent"] == counted["held"] == PATIENTS * STUDIES * INSTANCES
    with database.connect() as connection:
        (interrupted,) = connection.execute("SELECT sum(interruptions) FROM request").fetchone() or (0,)
        (open_moves,) = connection.execute("SELECT count(*) FROM move WHERE ended_at IS NULL").fetchone() or (1,)
    assert interrupted > 0, "no kill met a request at work: the story proved nothing"
    assert open_moves == 0


def _kill_during_long_moves(service: Service) -> list[str]:
    """Kill the daemon while two moves of nine seconds run, and start the next one while they still do."""
    service.open_hospital(2, 1, 60, 0.15)
    service.start()
    numbers = [service.ask(number)["id"] for number in range(2)]
    service.wait_until(lambda: service.sent()["sent"] > 4, 10)
    service.kill()
    service.start()
    assert service.sent()["sent"] < 120, "the moves ended before the daemon was back: the story proves nothing"
    return numbers


def test_in_3_a_move_that_outlives_its_daemon_is_waited_for(service: Service) -> None:
    numbers = _kill_during_long_moves(service)
    service.wait_until(lambda: all(service.request(number)["state"] == "done" for number in numbers), 40)
    assert service.sent() == {"sent": 120, "held": 120, "twice": 0, "moves": 2}


def test_without_waiting_the_same_studies_would_be_moved_twice(service: Service) -> None:
    """The fault the wait guards against: shows that the story above can fail."""
    service.configure(limits={"settle_s": 0.0})
    _kill_during_long_moves(service)
    service.wait_until(lambda: service.sent()["moves"] > 2, 20)
