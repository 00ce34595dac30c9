"""The one route as FRR configuration lines (NW-4); the module frr_route sends the same."""

from __future__ import annotations

from gatekit.plan.network_device import SwitchRoutePlan
from gatekit.portable.frr_route import WantedRoute


def route_lines(plan: SwitchRoutePlan) -> tuple[str, ...]:
    """Return what is typed in configuration mode to add our route."""
    return (_wanted(plan).line,)


def inverse_lines(plan: SwitchRoutePlan) -> tuple[str, ...]:
    """Return what takes our route away again."""
    return (f"no {_wanted(plan).line}",)


def _wanted(plan: SwitchRoutePlan) -> WantedRoute:
    return WantedRoute(plan.route.network, plan.route.via)
