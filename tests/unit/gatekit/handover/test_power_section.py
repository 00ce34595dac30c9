"""The UPS as the hospital reads it: three times, the order of the shutdown, what to see to on site."""

from __future__ import annotations

import pytest

from gatekit.handover.power_section import power_section
from gatekit.handover.report import report_html
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence
from tests.sites import example_plan
from tests.unit.gatekit.handover.outline import Outline
from tests.ups import plan as plan_with


def rows(plan: Plan) -> list[list[str]]:
    """Return the cells of every table row of the section, in Japanese and English one after the other."""
    bodies = power_section(plan).split("<tr>")[1:]
    return [[Outline(cell.partition("</td>")[0]).text for cell in row.split("<td>")[1:]] for row in bodies]


def seconds(plan: Plan) -> list[str]:
    return [row[1] for row in rows(plan) if len(row) == 3]


def test_ap_5_the_three_times_of_the_shutdown_are_the_plans() -> None:
    plan = plan_with()
    assert plan.ups is not None
    assert seconds(plan) == [str(plan.ups.on_battery_s), str(plan.ups.whole_s), str(plan.ups.cut_after_s)]
    later = plan.model_copy(update={"ups": plan.ups.model_copy(update={"on_battery_s": 61, "cut_after_s": 62})})
    assert seconds(later) == ["61", str(plan.ups.whole_s), "62"]


def test_ap_5_every_machine_stands_with_its_share_in_order_and_the_host_goes_last() -> None:
    order = [row for row in rows(plan_with()) if len(row) == 4]
    assert order == [
        ["1", "vm3 gw-kita-vm3", "0", "120"],
        ["2", "vm1 gw-kita-vm1", "135", "120"],
        ["3", "vm2, gw-kita-esx", "285", "270"],
    ]


def test_ap_5_what_is_said_of_the_times_is_said_in_both_languages() -> None:
    page = power_section(plan_with())
    assert page.count('class="ja"') == page.count('class="en"') > 10
    for sentence in ("電池は 600 秒もつ設定", "has to last 600 s", "残り 10 分", "when 10 minutes are left"):
        assert sentence in page


def test_ap_5_a_cable_is_named_with_its_port_and_the_hosts_command() -> None:
    cable, card = power_section(plan_with("usb")), power_section(plan_with())
    for sentence in (
        "USB 051d:0003",
        "esxcli hardware usb passthrough device enable -d BUS:DEVICE:051d:0003",
        "この差込口に結び付き",
        "bound to that very port",
    ):
        assert sentence in cable
        assert sentence not in card
    assert "10.161.4.6" in card


@pytest.mark.parametrize("ups", [True, False], ids=["with", "without"])
def test_the_report_says_what_happens_on_power_failure(plan: Plan, evidence: Evidence, *, ups: bool) -> None:
    page = report_html(plan if ups else plan.model_copy(update={"ups": None}), evidence)
    assert ("順序どおりに停止するものはない" in page) is not ups
    assert ("To be seen to on site" in page) is ups


def test_no_password_of_the_ups_is_named() -> None:
    assert "password" not in power_section(example_plan("pattern4"))
