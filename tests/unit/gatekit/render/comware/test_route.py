"""NW-4 on comware: one line, and the line that takes it away."""

from __future__ import annotations

from gatekit.render.comware import removal_lines, route_lines
from tests.unit.gatekit.simulators.comware.switches import OURS, configuration, plan


def test_nw_4_exactly_one_line_is_rendered() -> None:
    assert route_lines(plan()) == f"{OURS}\n"
    assert removal_lines(plan()) == f"undo {OURS}\n"


def test_rendering_twice_gives_the_same() -> None:
    assert route_lines(plan()) == route_lines(plan().model_copy(deep=True))


def test_the_switch_takes_the_line_and_its_removal() -> None:
    box = configuration()
    before = box.text()
    box.take(route_lines(plan()).strip(), None)
    assert box.text() == configuration(OURS).text() != before
    box.take(removal_lines(plan()).strip(), None)
    assert box.text() == before


def test_the_line_has_no_description_since_the_box_could_not_take_that_back_by_itself() -> None:
    assert "description" not in route_lines(plan())
