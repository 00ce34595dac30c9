"""The one route as Comware spells it (NW-4; vendor reference 7 and 7.3, form verified by public configurations).

Without a description: the box goes back by itself by typing each new line again with ``undo`` before it, and says
that it cannot where that is no valid line (H3C, configuration rollback, restrictions). ``undo`` of a route knows no
description, so a description could cost us the timer.
"""

from __future__ import annotations

from gatekit.plan.network_device import SwitchRoutePlan


def route_lines(plan: SwitchRoutePlan) -> str:
    """Return our line, ended by a newline."""
    return f"{_line(plan)}\n"


def removal_lines(plan: SwitchRoutePlan) -> str:
    """Return the line that takes ours away, ended by a newline."""
    return f"undo {_line(plan)}\n"


def _line(plan: SwitchRoutePlan) -> str:
    network = plan.route.network
    return f"ip route-static {network.network_address} {network.prefixlen} {plan.route.via}"
