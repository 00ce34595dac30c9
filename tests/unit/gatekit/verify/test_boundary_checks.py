"""What nobody of us can see at the hospital's boundary stands in the evidence as such."""

from __future__ import annotations

import pytest

from gatekit.verify.boundary_checks import boundary_checks
from tests.sites import example_plan


@pytest.mark.parametrize(
    ("name", "identity", "fact"),
    [("pattern2", "boundary.vlan", "VLAN 310"), ("pattern3", "boundary.hospital_firewall", "7 flows")],
)
def test_nw_5_what_the_vendor_has_to_sign_for_is_named(name: str, identity: str, fact: str) -> None:
    (row,) = boundary_checks(example_plan(name))
    assert (row.id, row.requirement) == (identity, "NW-5")
    assert fact in row.title.en


def test_nw_5_without_a_boundary_nothing_is_left_open() -> None:
    assert list(boundary_checks(example_plan("pattern4"))) == []
