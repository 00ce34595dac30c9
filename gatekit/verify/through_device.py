"""What proves the way through one device: permitted flows of the matrix that cross it, asked from their own sources.

The change of a firewall, a CPE or an L3 switch is kept only while those that worked before it work after it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gatekit.plan.flow import Flow
from gatekit.plan.model import Plan
from gatekit.verify.flow_checks import flow_checks
from gatekit.verify.model import Check, Operation
from gatekit.verify.targets import Targets

ASKED = frozenset({"tcp", "dns", "ntp", "ping"})
"""Questions that are answered on the way back; a log line is proved by reading the log, which takes too long here."""
AT_MOST = 8


def ways_through(plan: Plan, targets: Targets, device: str) -> list[dict[str, Any]]:
    """Return the probes of a device's change as ``network_device`` takes them; at most AT_MOST.

    One for each pair of zones and source comes first, then the other flows in the matrix's order: every direction
    in which packets cross the device is asked before one is asked twice.
    """
    crossing = [(flow, check) for flow, check in _asked(plan, targets) if device in flow.route[1:-1]]
    first: dict[tuple[str, str, str], Check] = {}
    for flow, check in crossing:
        first.setdefault((flow.source.zone, flow.destination.zone, check.source), check)
    chosen = [*first.values(), *(check for _, check in crossing if check not in first.values())]
    return [_row(check, targets) for check in chosen[:AT_MOST]]


def _asked(plan: Plan, targets: Targets) -> Iterator[tuple[Flow, Check]]:
    for flow in plan.flows:
        for check in flow_checks(plan.model_copy(update={"flows": (flow,)}), targets):
            if isinstance(check, Check) and isinstance(check.asks, Operation) and check.asks.op in ASKED:
                yield flow, check


def _row(check: Check, targets: Targets) -> dict[str, Any]:
    assert isinstance(check.asks, Operation)
    return {
        "name": check.id,
        "target": targets.probes[check.source].model_dump(mode="json"),
        "question": {"op": check.asks.op, **dict(check.asks.arguments)},
        "expected": list(check.accepts),
        "if_it_worked": True,
    }
