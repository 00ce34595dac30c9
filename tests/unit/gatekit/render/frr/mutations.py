"""What is done to FRR's line, and a reader of our own for it."""

from __future__ import annotations

import re

from gatekit.render.frr import route_lines
from tests.sites import example_plan
from tests.unit.gatekit.render.mutated import HOP, ONE_ROUTE, Mutated, wrong_routes

PLAN = example_plan("pattern4").l3_switch
OURS = route_lines(PLAN)[0]


def noticed(text: str) -> str:
    """Return "routes" unless the text is one static route, and the planned one."""
    routes = re.findall(r"^ip route (\S+) (\S+)(.*)$", text, re.MULTILINE)
    return "" if routes == [(str(PLAN.route.network), str(PLAN.route.via), "")] else "routes"


WORDS = ("10.161.4.0/24", "10.161.5.0/24", "10.161.0.0/16", "10.161.4.0/25", "10.161.4.64/26", "Null0", " 200")
MUTATED = {
    "frr l3_switch": Mutated(
        text=f"{OURS}\n",
        noticed=noticed,
        changes=wrong_routes(OURS, WORDS),
        of_kind={HOP: "another next hop"},
        lacks=ONE_ROUTE,
    )
}
