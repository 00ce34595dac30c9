"""Dates that are written wrongly."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "month 13",
        swap={"build: 2027-01-12": "build: 2027-13-12"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027-13-12",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date with a time",
        swap={"build: 2027-01-12": "build: 2027-01-12T09:00:00"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027-01-12T09:00:00",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date as a number",
        swap={"build: 2027-01-12": "build: 20270112"},
        expected=(
            (
                "GW104",
                "schedule.build",
                20270112,
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date with slashes",
        swap={"build: 2027-01-12": "build: 2027/01/12"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027/01/12",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date of year 1",
        swap={"line_ready: 2026-12-01": "line_ready: 0001-01-01"},
        expected=(
            (
                "GW105",
                "schedule.line_ready",
                "0001-01-01",
                "Use a date from 2020 to 2099.",
            ),
        ),
    ),
)
