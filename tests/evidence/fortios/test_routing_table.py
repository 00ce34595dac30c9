"""The routing table of a simulated FortiGate, as the template of ntc-templates understands it.

The template knows no row of a tunnel and none of a blackhole in the form of FortiOS 7; both forms are hypotheses
(gatekit/simulators/fortios/words.py) and are left out here.
"""

from __future__ import annotations

from ipaddress import IPv4Interface

import pytest

from gatekit.simulators.fortios.routing import routing_table
from tests.evidence.readers import UnreadError, by_ntc_templates
from tests.unit.gatekit.simulators.fortios.box import PATTERNS, firewall, planned, typed

COMMAND = "get router info routing-table all"


def rows(text: str) -> set[tuple[str, str, str]]:
    known = "".join(line for line in text.splitlines(keepends=True) if not is_ours_alone(line))
    found = by_ntc_templates("fortios", COMMAND, known)
    return {(row["destination"], row["type"].strip(), row["gateway"]) for row in found}


def is_ours_alone(line: str) -> bool:
    return " tunnel " in line or " is a summary, Null" in line


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_routes_are_the_plans(pattern: str) -> None:
    plan = firewall(pattern)
    found = rows(routing_table(planned(plan).running))
    connected = {destination for destination, kind, _ in found if kind == "C"}
    assert {str(IPv4Interface((row.address, row.prefix_length)).network) for row in plan.interfaces} <= connected
    static = {(destination, gateway) for destination, kind, gateway in found if kind.startswith("S")}
    routed = {(str(route.network), str(route.via)) for route in plan.routes if route.via is not None}
    assert static == {("0.0.0.0/0", str(plan.default_gateway)), *routed}


def test_the_row_of_the_tunnel_is_still_unknown_to_the_template() -> None:
    with pytest.raises(UnreadError, match="tunnel"):
        by_ntc_templates("fortios", COMMAND, routing_table(planned(firewall()).running))


def test_without_the_tunnels_route_the_blackhole_is_in_force() -> None:
    box = planned(firewall())
    table = box.running.table("router static").entries
    (name,) = (key for key, entry in table.items() if entry.settings.get("device") == ("dc-main",))
    typed(box, "config router static", f"delete {name}", "end")
    assert "S       10.200.0.0/16 [254/0] is a summary, Null, [1/0]\n" in routing_table(box.running)
