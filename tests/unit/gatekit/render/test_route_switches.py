"""NW-4 on the products that are an L3 switch only: one line, and the line that takes it away."""

from __future__ import annotations

from types import ModuleType

import pytest

from gatekit.render import alaxala_ax, alliedware_plus, aos_cx, comware
from tests.unit.gatekit.simulators.alaxala_ax import switches as alaxala_switches
from tests.unit.gatekit.simulators.alliedware_plus import switches as alliedware_switches
from tests.unit.gatekit.simulators.aos_cx import switches as aos_cx_switches
from tests.unit.gatekit.simulators.comware import switches as comware_switches

EVERY = pytest.mark.parametrize(
    ("rendering", "switches", "negation"),
    [
        pytest.param(alaxala_ax, alaxala_switches, "no", id="alaxala_ax"),
        pytest.param(alliedware_plus, alliedware_switches, "no", id="alliedware_plus"),
        pytest.param(aos_cx, aos_cx_switches, "no", id="aos_cx"),
        pytest.param(comware, comware_switches, "undo", id="comware"),
    ],
)


@EVERY
def test_nw_4_exactly_one_line_is_rendered(rendering: ModuleType, switches: ModuleType, negation: str) -> None:
    assert rendering.route_lines(switches.plan()) == f"{switches.OURS}\n"
    assert rendering.removal_lines(switches.plan()) == f"{negation} {switches.OURS}\n"


@EVERY
def test_rendering_twice_gives_the_same(rendering: ModuleType, switches: ModuleType, negation: str) -> None:
    copied = switches.plan().model_copy(deep=True)
    assert rendering.route_lines(switches.plan()) == rendering.route_lines(copied)


@EVERY
def test_the_switch_takes_the_line_and_its_removal(rendering: ModuleType, switches: ModuleType, negation: str) -> None:
    box = switches.configuration()
    before = box.text()
    box.take(rendering.route_lines(switches.plan()).strip(), None)
    assert box.text() == switches.configuration(switches.OURS).text() != before
    box.take(rendering.removal_lines(switches.plan()).strip(), None)
    assert box.text() == before
