from __future__ import annotations

import time

import pytest

from gatekit.portable.wildfly.outage import NONE, Outage, Requests, ask_status, judge


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        pytest.param("", NONE, id="nothing-asked"),
        pytest.param("gggg", Outage(4, 0, 0.0), id="no-outage"),
        pytest.param("ggbbgg", Outage(6, 2, 3.0), id="from-the-last-good-to-the-first-good"),
        pytest.param("gbgbg", Outage(5, 2, 4.0), id="answers-in-between-do-not-end-it"),
        pytest.param("gbb", Outage(3, 2, 2.0), id="not-over"),
    ],
)
def test_outage_is_from_the_last_good_answer_to_the_first_good_one_after(pattern: str, wanted: Outage) -> None:
    assert judge(tuple((float(at), mark == "g") for at, mark in enumerate(pattern))) == wanted


def test_every_other_status_than_before_counts_as_failed() -> None:
    answers = iter([200, 200, 503, 0, *([200] * 1000)])
    with Requests(lambda: next(answers)) as requests:
        time.sleep(0.4)
    outage = requests.outage()
    assert requests.wanted == 200
    assert outage.failed == 2
    assert 0.05 < outage.seconds < 0.4
    assert outage.as_result() == {"requests": outage.requests, "failed": 2, "seconds": outage.seconds}


def test_nobody_there_is_no_answer() -> None:
    assert ask_status(1, "/") == 0
