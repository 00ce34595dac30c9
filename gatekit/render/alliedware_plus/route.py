"""The one route as AlliedWare Plus spells it (NW-4; vendor reference 7 and 7.4, from general knowledge)."""

from __future__ import annotations

from gatekit.plan.network_device import SwitchRoutePlan


def route_lines(plan: SwitchRoutePlan) -> str:
    """Return our line, ended by a newline."""
    return f"ip route {plan.route.network} {plan.route.via}\n"


def removal_lines(plan: SwitchRoutePlan) -> str:
    """Return the line that takes ours away, ended by a newline."""
    return f"no {route_lines(plan)}"
