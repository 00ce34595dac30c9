"""NW-4 on AlliedWare Plus: the line as the box itself keeps it."""

from __future__ import annotations

from gatekit.render.alliedware_plus import route_lines
from tests.unit.gatekit.simulators.alliedware_plus.switches import configuration, plan


def test_nw_4_the_line_has_a_length_since_the_box_shows_a_dotted_mask_as_one() -> None:
    route = plan().route
    dotted = f"ip route {route.network.network_address} {route.network.netmask} {route.via}"
    assert f"{configuration().normal(dotted)}\n" == route_lines(plan())
