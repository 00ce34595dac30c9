"""Moves that take longer than the daemon's return: what no real PACS can be told to do at the wanted moment."""

from __future__ import annotations

from tests.stories.pacs_gateway.service import Service


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
