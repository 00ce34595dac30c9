from __future__ import annotations

import asyncio

import pytest

from gatekit.simulators import Clock


def test_a_clock_that_stands_still_is_moved_by_hand_and_fires_in_order():
    clock, fired = Clock(), []
    clock.call_after(20, lambda: fired.append(("late", clock.now_s())))
    clock.call_after(5, lambda: fired.append(("early", clock.now_s())))
    clock.advance(4)
    assert fired == []
    clock.advance(30)
    assert fired == [("early", 5.0), ("late", 20.0)]
    assert clock.now_s() == 34.0


def test_a_timer_knows_what_is_left_and_is_cancelled_for_good():
    clock, fired = Clock(), []
    timer = clock.call_after(10, lambda: fired.append(1))
    clock.advance(4)
    assert timer.left_s() == 6.0
    timer.cancel()
    timer.cancel()
    clock.advance(100)
    assert (timer.left_s(), fired) == (0.0, [])


def test_an_action_may_set_the_next_timer():
    clock, fired = Clock(), []

    def again() -> None:
        fired.append(clock.now_s())
        if len(fired) < 3:
            clock.call_after(10, again)

    clock.call_after(10, again)
    clock.advance(100)
    assert fired == [10.0, 20.0, 30.0]


def test_what_a_device_means_to_do_later_goes_with_its_power():
    clock, fired = Clock(), []
    clock.call_after(1, lambda: fired.append(1))
    clock.cancel_all()
    clock.advance(10)
    assert fired == []


def test_time_that_is_skipped_on_a_running_clock_lets_what_falls_due_happen_at_once_and_in_order() -> None:
    done: list[str] = []

    async def act() -> float:
        clock = Clock(1.0)
        clock.bind(asyncio.get_running_loop())
        clock.call_after(20.0, lambda: done.append("second"))
        clock.call_after(10.0, lambda: (done.append("first"), clock.call_after(5.0, lambda: done.append("between"))))
        later = clock.call_after(100.0, lambda: done.append("never"))
        clock.skip(30.0)
        return later.left_s()

    left_s = asyncio.run(act())
    assert done == ["first", "between", "second"]
    assert 69.0 < left_s <= 70.0


def test_a_clock_that_stands_still_is_advanced_not_skipped() -> None:
    with pytest.raises(RuntimeError, match="stands still"):
        Clock().skip(1.0)
