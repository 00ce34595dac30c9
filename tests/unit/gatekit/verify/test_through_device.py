"""Which permitted flows prove the way through a device: all that cross it, every direction before any twice."""

from __future__ import annotations

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.targets import Targets
from gatekit.verify.through_device import AT_MOST, ways_through


def flows(plan: Plan, targets: Targets, device: str) -> list[str]:
    """Return the ids of the flows that are asked."""
    names = [row["name"].removeprefix("reach.") for row in ways_through(plan, targets, device)]
    return [flow.id for name in names for flow in plan.flows if name.startswith(f"{flow.id}.")]


@pytest.mark.parametrize("device", ["firewall", "l3_switch"])
def test_only_flows_that_cross_the_device_are_asked(plan: Plan, targets: Targets, device: str) -> None:
    crossing = {flow.id for flow in plan.flows if device in flow.route[1:-1]}
    assert set(flows(plan, targets, device)) <= crossing
    assert flows(plan, targets, device)


def test_a_site_without_a_cpe_asks_nothing_through_one(plan: Plan, targets: Targets) -> None:
    assert ways_through(plan, targets, "cpe") == []


def test_every_direction_is_asked_before_one_is_asked_twice(plan: Plan, targets: Targets) -> None:
    asked = flows(plan, targets, "firewall")
    assert len(asked) == AT_MOST
    by_id = {flow.id: flow for flow in plan.flows}
    ways = {(by_id[one].source.zone, by_id[one].destination.zone) for one in asked}
    assert {("trust", "dmz"), ("dmz", "data_centre"), ("dmz", "trust"), ("data_centre", "dmz")} <= ways


def test_each_is_asked_from_its_own_source_and_only_where_it_worked_before(plan: Plan, targets: Targets) -> None:
    rows = {row["name"]: row for row in ways_through(plan, targets, "firewall")}
    portal = rows["reach.proxy.portal.vm2.portal.443"]
    assert portal["target"]["address"] == str(plan.vm("vm2").address)
    assert (portal["question"]["op"], portal["question"]["port"]) == ("tcp", 443)
    assert portal["question"]["address"] == str(plan.data_centre.portal)
    assert all(row["if_it_worked"] is True for row in rows.values())
