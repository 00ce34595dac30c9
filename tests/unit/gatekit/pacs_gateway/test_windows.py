from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gatekit.pacs_gateway.windows import next_opening

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("windows", "now", "opening"),
    [
        pytest.param((), "23T12:00", "23T12:00", id="none-means-always"),
        pytest.param(("09:00-17:00",), "23T09:00", "23T09:00", id="first-minute"),
        pytest.param(("09:00-17:00",), "23T16:59:59", "23T16:59:59", id="last-second"),
        pytest.param(("09:00-17:00",), "23T17:00", "24T09:00", id="end-is-outside"),
        pytest.param(("09:00-17:00",), "23T03:00", "23T09:00", id="before-it-opens"),
        pytest.param(("22:00-06:00",), "23T23:30", "23T23:30", id="over-midnight-before"),
        pytest.param(("22:00-06:00",), "23T05:59", "23T05:59", id="over-midnight-after"),
        pytest.param(("22:00-06:00",), "23T06:00", "23T22:00", id="over-midnight-closed"),
        pytest.param(("22:00-06:00", "12:00-13:00"), "23T07:00", "23T12:00", id="the-next-of-two"),
        pytest.param(("12:00-13:00", "22:00-06:00"), "23T02:00", "23T02:00", id="open-in-the-second"),
        pytest.param(("00:00-00:00",), "23T15:00", "23T15:00", id="equal-ends-mean-always"),
    ],
)
def test_moves_wait_for_the_next_opening_in_hospital_time(windows: tuple[str, ...], now: str, opening: str) -> None:
    assert next_opening(windows, at(now)) == at(opening)
