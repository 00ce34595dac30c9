"""The one route on the hospital's L3 switch (NW-4), vendor reference 7.5."""

from __future__ import annotations

from gatekit.plan.network_device import SwitchRoutePlan


def route_lines(plan: SwitchRoutePlan) -> str:
    """Return our route as a set line."""
    return f"set routing-options static route {plan.route.network} next-hop {plan.route.via}\n"
