"""Two months before S-in, at the ends of months (OP-10)."""

from __future__ import annotations

from datetime import date

import pytest

from gatekit.intent.rules.people import two_months_before


@pytest.mark.parametrize(
    ("day", "before"),
    [
        pytest.param(date(2027, 2, 15), date(2026, 12, 15), id="over-new-year"),
        pytest.param(date(2027, 1, 31), date(2026, 11, 30), id="shorter-month"),
        pytest.param(date(2027, 3, 31), date(2027, 1, 31), id="same-last-day"),
        pytest.param(date(2028, 4, 30), date(2028, 2, 29), id="leap-year"),
        pytest.param(date(2027, 12, 1), date(2027, 10, 1), id="december"),
    ],
)
def test_op_10_two_months_before(day: date, before: date) -> None:
    assert two_months_before(day) == before
