"""Dates in the wrong order, and people who are missing (OP-10)."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
    Case(
        "build before the line",
        swap={"build: 2027-01-12": "build: 2026-11-30"},
        expected=(
            (
                "GW141",
                "schedule.build",
                "2026-11-30",
                "Use a date not before line_ready (2026-12-01).",
            ),
        ),
    ),
    Case(
        "go-live before the tests",
        swap={"s_in: 2027-02-15": "s_in: 2027-01-31"},
        expected=(
            (
                "GW141",
                "schedule.s_in",
                "2027-01-31",
                "Use a date not before viewing_tests (2027-02-01).",
            ),
            (
                "GW141",
                "schedule.line_ready",
                "2026-12-01",
                ("Use 2026-11-30 or earlier: line and environment stand two months before S-in (OP-10)."),
            ),
        ),
    ),
    Case(
        "line ready too late",
        swap={"line_ready: 2026-12-01": "line_ready: 2026-12-16"},
        expected=(
            (
                "GW141",
                "schedule.line_ready",
                "2026-12-16",
                ("Use 2026-12-15 or earlier: line and environment stand two months before S-in (OP-10)."),
            ),
        ),
    ),
    Case(
        "nobody in the hospital",
        edit={"contacts[0].role": "regional_office"},
        expected=(
            (
                "GW103",
                "contacts",
                "missing",
                "Give a contact with role hospital_it.",
            ),
        ),
    ),
    Case(
        "nobody to build the route",
        pattern=3,
        edit={"contacts[1]": REMOVED},
        expected=(
            (
                "GW103",
                "contacts",
                "missing",
                "Give a contact with role network_vendor.",
            ),
        ),
    ),
)
