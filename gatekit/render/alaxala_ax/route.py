"""The one route as an AX spells it (NW-4; vendor reference 7, form verified by an operation log)."""

from __future__ import annotations

from gatekit.plan.network_device import SwitchRoutePlan


def route_lines(plan: SwitchRoutePlan) -> str:
    """Return our line, ended by a newline."""
    return f"{_line(plan)}\n"


def removal_lines(plan: SwitchRoutePlan) -> str:
    """Return the line that takes ours away, ended by a newline."""
    return f"no {_line(plan)}\n"


def _line(plan: SwitchRoutePlan) -> str:
    network = plan.route.network
    return f"ip route {network.network_address} {network.netmask} {plan.route.via}"
