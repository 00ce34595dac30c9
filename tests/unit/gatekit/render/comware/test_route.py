"""NW-4 on Comware: what its line must not have."""

from __future__ import annotations

from gatekit.render.comware import route_lines
from tests.unit.gatekit.simulators.comware.switches import plan


def test_nw_4_the_line_has_no_description_since_the_box_could_not_take_that_back_by_itself() -> None:
    assert "description" not in route_lines(plan())
