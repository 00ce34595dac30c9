"""NW-4 on aos_cx: one line, and the line that takes it away."""

from __future__ import annotations

from gatekit.render.aos_cx import removal_lines, route_lines
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, configuration, plan


def test_nw_4_exactly_one_line_is_rendered() -> None:
    assert route_lines(plan()) == f"{OURS}\n"
    assert removal_lines(plan()) == f"no {OURS}\n"


def test_rendering_twice_gives_the_same() -> None:
    assert route_lines(plan()) == route_lines(plan().model_copy(deep=True))


def test_the_switch_takes_the_line_and_its_removal() -> None:
    box = configuration()
    before = box.text()
    box.take(route_lines(plan()).strip(), None)
    assert box.text() == configuration(OURS).text() != before
    box.take(removal_lines(plan()).strip(), None)
    assert box.text() == before
