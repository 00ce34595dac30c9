"""A system that calls us: whether our listener answers, and that the rest is its vendor's test."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.peer


def test_op_7_our_listener_answers_and_the_vendor_tests(peer, steps) -> None:
    assert steps("own_listener", peer(lambda _: None)) == [
        ("own_listener", "accepted", {}),
        ("called_by_vendor", "not_run", {"reason": "vendor_dials"}),
    ]


def test_op_7_nobody_listens_yet(steps, closed_port) -> None:
    assert steps("own_listener", closed_port) == [("own_listener", "refused", {})]
