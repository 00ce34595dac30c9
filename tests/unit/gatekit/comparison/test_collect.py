"""What a task's result says about a device: the forms of our modules' results, and nothing of other hosts."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.comparison.collect import Collector, changed_lines
from gatekit.comparison.devices import listed
from gatekit.comparison.model import DeviceFinding, Difference, Finding
from tests.sites import example_plan

TASK = "Subject | Keep it"


@pytest.fixture
def collector() -> Collector:
    return Collector(listed(example_plan(), "change", {"vm2": (Finding.NOT_REACHED, "no answer")}))


def of(collector: Collector, name: str) -> DeviceFinding:
    (device,) = (device for device in collector.comparison.devices if device.name == name)
    return device


def test_devices_stand_in_the_order_in_which_they_are_built(collector: Collector) -> None:
    assert [device.name for device in collector.comparison.devices] == [
        "firewall",
        "l3_switch",
        "esxi",
        "vm1",
        "vm2",
        "vm3",
    ]


def test_a_device_without_a_change_is_as_planned_and_one_without_a_task_was_not_compared(collector: Collector) -> None:
    collector.take("firewall", TASK, {"changed": False, "interrupts": True})
    assert of(collector, "firewall").finding is Finding.AS_PLANNED
    assert of(collector, "firewall").interrupts is None
    assert of(collector, "vm1").finding is Finding.NOT_COMPARED
    assert of(collector, "vm2").reason == "no answer"


def test_differences_steps_and_risk_of_several_tasks_are_joined(collector: Collector) -> None:
    prepared = "--- found\n+++ wanted\n@@ -1 +1 @@\n-old\n+new\n context"
    first = {
        "changed": True,
        "diff": {"prepared": prepared},
        "lines": ["new"],
        "interrupts": True,
        "touches": ["tunnel"],
    }
    files = [{"after_header": "/etc/a", "before": "one\ntwo\n", "after": "one\nthree\n"}]
    collector.take("firewall", "First | Do", first)
    collector.take(
        "firewall", "Second | Do", {"changed": True, "diff": files, "interrupts": False, "touches": ["policy"]}
    )
    collector.take("firewall", "Third | Do", {"changed": False})
    found = of(collector, "firewall")
    assert found.finding is Finding.DIFFERS
    assert found.differences == (
        Difference(subject="First | Do", where="", lines=("-old", "+new")),
        Difference(subject="Second | Do", where="/etc/a", lines=("-two", "+three")),
    )
    assert (found.steps, found.interrupts, found.touches) == (("new",), True, ("policy", "tunnel"))


def test_the_rounds_of_a_loop_are_rows_and_a_task_without_a_diff_is_one_too(collector: Collector) -> None:
    rounds = [{"changed": False}, {"changed": True, "diff": {"before": "", "after": "x\n"}}]
    collector.take("vm1", TASK, {"changed": True, "results": rounds})
    collector.take("vm1", "Handler | Restart it", {"changed": True})
    rows = [(row.subject, row.lines) for row in of(collector, "vm1").differences]
    assert rows == [(TASK, ("+x",)), ("Handler | Restart it", ())]


def test_the_first_refusal_is_the_reason_and_what_follows_from_it_changes_nothing(collector: Collector) -> None:
    collector.refuse("l3_switch", TASK, {"msg": "l3_switch.running: 'somebody'\n is not usable. [GW413]"})
    collector.refuse("l3_switch", "Next | Do", {"msg": "undefined"})
    collector.take("l3_switch", "Last | Do", {"changed": True})
    found = of(collector, "l3_switch")
    assert found.finding is Finding.REFUSED
    assert found.reason == f"{TASK}: l3_switch.running: 'somebody' is not usable. [GW413]"
    assert found.differences == ()


def test_the_controllers_own_tasks_are_no_devices(collector: Collector) -> None:
    before = collector.comparison
    collector.take("localhost", TASK, {"changed": True})
    collector.refuse("localhost", TASK, {"msg": "no"})
    assert collector.comparison == before


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ({"before": "", "after": ""}, []),
        ({"before": "a\nb\nc\n", "after": "a\nc\nd\n"}, ["-b", "+d"]),
        ({"before": None, "after": "++ counter\n-- list\n"}, ["+++ counter", "+-- list"]),
        (
            {"prepared": "--- before\n+++ after\n-no ip route\n+ip route 10.0.0.0/8\n"},
            ["-no ip route", "+ip route 10.0.0.0/8"],
        ),
    ],
)
def test_only_lines_that_come_or_go_are_kept(row: dict[str, Any], lines: list[str]) -> None:
    assert list(changed_lines(row)) == lines
