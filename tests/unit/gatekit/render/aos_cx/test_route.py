"""NW-4 on AOS-CX: the line as the box itself keeps it."""

from __future__ import annotations

from gatekit.render.aos_cx import route_lines
from tests.unit.gatekit.simulators.aos_cx.switches import configuration, plan


def test_nw_4_the_line_names_no_vrf_since_the_box_shows_the_default_one_without() -> None:
    line = route_lines(plan()).strip()
    assert configuration().normal(f"{line} vrf default") == line
