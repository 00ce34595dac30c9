"""The request to the network vendor: one route, their lines, how to check and to undo."""

from __future__ import annotations

import re

import pytest

from gatekit.handover.request_sheet import COMMANDS, request_sheet
from gatekit.intent.load import load_intent
from gatekit.plan.model import Plan
from tests.sites import example_folder, example_plan, vendor_plan
from tests.unit.gatekit.handover.outline import Outline, style_of


def page(plan: Plan, name: str = "pattern4") -> str:
    intent = load_intent(example_folder(name))
    vendor = next(one for one in intent.site.contacts if one.role == "network_vendor")
    return request_sheet(plan, vendor, intent.site.schedule.build)


def lines_of(html: str) -> list[str]:
    return re.findall(r'<pre class="lines">(.*?)</pre>', html, re.DOTALL)


def test_nw_4_it_says_what_and_why_and_whom_to_call():
    plan = example_plan("pattern4")
    text = Outline(page(plan)).text
    for fact in (
        str(plan.l3_switch.address),
        "10.161.4.0/24（マスク 255.255.255.0）",
        "192.168.10.5",
        "上の静的経路1本だけ。ほかの経路、VLAN、フィルタは変更しない。",
        "HIS 端末 172.20.0.0/16",
        "鈴木 一郎 様",
        "2027年1月12日まで",
        "0120-000-000",
    ):
        assert fact in text, fact


def test_nw_4_the_lines_are_those_of_the_vendors_product():
    added, removed = lines_of(page(vendor_plan("cisco_ios")))
    assert added == "ip route 10.161.4.0 255.255.255.0 192.168.10.5 name GW-APPLIANCE"
    assert removed == "no ip route 10.161.4.0 255.255.255.0 192.168.10.5"


def test_nw_4_frrs_lines_are_its_own():
    added, removed = lines_of(page(example_plan("pattern4")))
    assert (added, removed) == ("ip route 10.161.4.0/24 192.168.10.5", "no ip route 10.161.4.0/24 192.168.10.5")


def test_a_product_without_lines_is_asked_for_in_words(monkeypatch):
    monkeypatch.setattr("gatekit.handover.request_sheet.find_spec", lambda _: None)
    html = page(vendor_plan("cisco_ios"))
    assert lines_of(html) == []
    assert "この機種の書式は当方に用意がありません。" in Outline(html).text


@pytest.mark.parametrize("product", ["cisco_ios", "alaxala_ax", "comware", "alliedware_plus", "aos_cx", "juniper_ex"])
def test_every_switch_of_the_catalogue_has_a_page_with_its_own_look_at_the_route(product):
    plan = vendor_plan(product)
    html = page(plan)
    assert re.search(r"<code>(?:show|display) [^<]*rout[^<]*</code> に、", html)
    assert "{" not in Outline(html).text


def test_each_platform_names_its_commands_once():
    assert set(COMMANDS) == {"cisco_ios", "alaxala_ax", "comware", "alliedware_plus", "junos", "aos_cx", "frr"}


def test_the_check_from_a_terminal_is_one_that_the_firewall_permits():
    plan = example_plan("pattern4")
    settings = next(flow for flow in plan.flows if flow.id == "proxy.settings")
    text = Outline(page(plan)).text
    assert (
        f"装置の設置後、{settings.source.networks[0]} の端末のブラウザで http://10.161.4.20/proxy.pac が開ける。"
        in text
    )


def test_the_page_is_a4_loads_nothing_and_bears_no_secret():
    plan = example_plan("pattern4")
    html = page(plan)
    outline = Outline(html)
    assert "@page { size:A4; margin:8mm 0; }" in style_of(html)
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "link", "iframe", "input"}
    assert [secret for secret in (*plan.secrets, "<secret") if secret in outline.text] == []


def test_the_same_plan_gives_the_same_page():
    assert page(example_plan("pattern4")) == page(example_plan("pattern4"))
