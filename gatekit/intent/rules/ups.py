"""The UPS carries the appliance until everything is off (AP-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekit.catalogue.appliance import appliance
from gatekit.errors import IntentError
from gatekit.intent.site import Site


class ShutdownBudget(NamedTuple):
    """Seconds that a shutdown may take at the most. ``machines``: name -> (begins at the latest, may take)."""

    machines: dict[str, tuple[int, int]]
    program: int  # until the host has been told, or has refused for the last time
    cut: int  # from arming the UPS until it may take the power away
    whole: int


def shutdown_budget() -> ShutdownBudget:
    """Return the budget: each machine's own time and that of switching it off, the host's, VM2's, and a margin."""
    facts = appliance()
    machines, begins_s = {}, 0
    for name in facts.ups.machines:
        machines[name] = (begins_s, facts.vms[name].stop_delay_s)
        begins_s += facts.vms[name].stop_delay_s + facts.ups.order_s
    last_s = facts.vms[facts.ups.server].stop_delay_s + facts.ups.host_stop_s + facts.ups.margin_s
    program_s = begins_s + facts.ups.order_s
    return ShutdownBudget(machines, program_s, facts.ups.order_s + last_s, program_s + last_s)


def ups_rules(site: Site) -> Iterator[IntentError]:
    """Yield GW149 when the batteries could be empty before everything is off."""
    if site.ups is None:
        return
    need_s, reserve = shutdown_budget().whole, site.ups.low_battery_reserve_minutes
    if reserve * 60 < need_s:
        minutes = -(-need_s // 60)
        fix = f"Set the UPS to say low battery {minutes} minutes before it is empty; stopping takes up to {need_s} s."
        yield IntentError("GW149", "ups.low_battery_reserve_minutes", reserve, fix)
