"""NW-4 on an AX: one line, and the line that takes it away."""

from __future__ import annotations

import pytest

from gatekit.devices.alaxala_ax import PLATFORM
from gatekit.errors import RenderError
from gatekit.render.alaxala_ax import removal_lines, route_lines
from tests.sites import example_plan
from tests.unit.gatekit.simulators.alaxala_ax.switches import OURS, configuration, plan


def test_nw_4_exactly_one_line_is_rendered() -> None:
    assert route_lines(plan()) == f"{OURS}\n"
    assert removal_lines(plan()) == f"no {OURS}\n"


def test_the_switch_takes_the_line_and_its_removal() -> None:
    box = configuration()
    before = box.text()
    box.take(route_lines(plan()).strip(), None)
    assert f"{OURS}\n" in box.text()
    box.take(removal_lines(plan()).strip(), None)
    assert box.text() == before


def test_another_role_is_refused() -> None:
    with pytest.raises(RenderError) as refused:
        PLATFORM.render(example_plan("pattern4").firewall)
    assert refused.value.facts[:3] == ("GW302", "firewall.product", "linux")
