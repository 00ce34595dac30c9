from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.sweep import due
from tests.unit.gatekit.pacs_gateway.gateway import PLAN

LATE = PLAN.model_copy(update={"sweep_at": "23:30", "deep_sweep_weekday": 6})
SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2026-11-22T23:29:59", None, id="before-its-time"),
        pytest.param("2026-11-22T23:30", (SUNDAY, True), id="on-the-minute-and-deep-on-sunday"),
        pytest.param("2026-11-23T00:29", (SUNDAY, True), id="late-after-midnight-is-still-sunday's"),
        pytest.param("2026-11-23T00:30", None, id="too-late"),
        pytest.param("2026-11-23T23:45", (MONDAY, False), id="monday-is-not-deep"),
    ],
)
def test_sweep_is_due_once_its_time_has_come_and_not_hours_later(now: str, expected: object) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Asia/Tokyo"))
    assert due(LATE, Limits(sweep_late_s=3600), moment) == expected
