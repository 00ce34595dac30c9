"""The swap instruction: the site's own ports, serials and contacts, on one page that loads nothing."""

from __future__ import annotations

import re

import pytest

from gatekit.errors import RenderError
from gatekit.handover.cpe_swap import swap_instruction
from gatekit.intent.load import load_intent
from gatekit.intent.vpn import CpeUnit, FletsLine
from gatekit.plan.model import Plan
from tests.sites import example_folder, example_plan, vendor_plan
from tests.unit.gatekit.handover.outline import Outline, drawing_of, style_of

SENT = CpeUnit(serial="CPE-0399", wan_mac="02:00:00:00:03:99")


def page(name: str, *, plan: Plan | None = None, home_gateway: bool | None = None, sent: CpeUnit | None = None) -> str:
    intent = load_intent(example_folder(name))
    line = intent.site.vpn.line
    assert isinstance(line, FletsLine)
    if home_gateway is not None:
        line = line.model_copy(update={"home_gateway": home_gateway})
    return swap_instruction(plan or example_plan(name), line, sent=sent)


@pytest.mark.parametrize("name", ["pattern1", "pattern3"])
def test_vpn_1_vpn_3_the_page_names_the_sites_ports_and_whom_to_call(name):
    plan = example_plan(name)
    text = Outline(page(name)).text
    assert plan.cpe is not None
    for fact in (
        plan.hospital.ja,
        plan.cpe.wan.port,
        plan.cpe.lan.port,
        plan.firewall.interfaces[0].port,
        plan.cpe.units[0].serial,
        plan.cpe.units[0].wan_mac,
        f"https://{plan.data_centre.portal_name}/",
        "0120-000-000",
        "月曜～金曜 9:00～12:00、13:00～17:00（祝日および年末年始を除く）",
        "support@idlink.example.jp",
    ):
        assert fact in text, fact


def test_vpn_1_the_spare_takes_the_mains_place():
    text = Outline(page("pattern1")).text
    assert "CPE-0102" in text
    assert "予備機の wan0 ポートをつなぐ" in text
    assert "届いた装置" not in text


def test_vpn_3_the_sent_unit_takes_its_place_and_the_old_one_goes_back():
    text = Outline(page("pattern3", sent=SENT)).text
    assert "CPE-0399" in text
    assert "外した装置は、届いた箱に入れて送り返す。" in text
    assert "予備機" not in text


def test_without_a_sent_unit_its_serial_is_left_to_be_written():
    outline = Outline(page("pattern3"))
    blanks = [attributes for tag, attributes in outline.tags if tag == "span" and attributes.get("class") == "write"]
    assert len(blanks) == 2 + 2  # serial and MAC address, date and name


@pytest.mark.parametrize("name", ["pattern2", "pattern4"])
def test_where_the_hospital_does_not_change_it_there_is_no_page(name):
    line = load_intent(example_folder("pattern1")).site.vpn.line
    assert isinstance(line, FletsLine)
    with pytest.raises(RenderError) as refused:
        swap_instruction(example_plan(name), line)
    assert refused.value.facts[:3] == ("GW302", "vpn.pattern", int(name[-1]))


@pytest.mark.parametrize(("home_gateway", "end"), [(True, "ホームゲートウェイ"), (False, "ONU")])
def test_the_line_ends_where_the_site_file_says(home_gateway, end):
    text = Outline(page("pattern1", home_gateway=home_gateway)).text
    assert f"①のケーブル：{end}のLANポートと" in text


def test_the_drawing_is_well_formed_and_bears_the_ports_of_another_product():
    plan = vendor_plan("yamaha_rtx", "pattern1")
    drawing = drawing_of(page("pattern1", plan=plan))
    words = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for fact in ("lan1", "lan2", "untrust0", "製造番号 CPE-0101", "製造番号 CPE-0102", "1", "2"):
        assert fact in words, fact


def test_a_long_port_name_is_squeezed_into_its_socket():
    plan = example_plan("pattern1")
    assert plan.cpe is not None
    cpe = plan.cpe.model_copy(update={"wan": plan.cpe.wan.model_copy(update={"port": "GigaEthernet0.0"})})
    drawing = drawing_of(page("pattern1", plan=plan.model_copy(update={"cpe": cpe})))
    socket = next(one for one in drawing.iter("{http://www.w3.org/2000/svg}text") if one.text == "GigaEthernet0.0")
    assert socket.get("textLength") == "70"


@pytest.mark.parametrize("name", ["pattern1", "pattern3"])
def test_the_page_is_a4_japanese_and_loads_nothing(name):
    html = page(name)
    outline = Outline(html)
    assert "@page { size:A4; margin:8mm 0; }" in style_of(html)
    assert ("html", {"lang": "ja"}) in outline.tags
    assert not {tag for tag, _ in outline.tags} & {"script", "img", "link", "iframe", "input"}
    assert not re.search(r"(?:src|href)=", html)


@pytest.mark.parametrize("name", ["pattern1", "pattern3"])
def test_no_secret_and_no_address_of_the_networks_is_on_it(name):
    text = Outline(page(name)).text
    plan = example_plan(name)
    for secret in (*plan.secrets, plan.tunnel.psk, "<secret"):
        assert secret not in text
    assert not re.search(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text)


def test_what_the_site_file_says_is_escaped():
    plan = example_plan("pattern1")
    named = plan.model_copy(update={"hospital": plan.hospital.model_copy(update={"ja": "<b>東</b>"})})
    assert "<h1>&lt;b&gt;東&lt;/b&gt;</h1>" in page("pattern1", plan=named)


def test_the_same_plan_gives_the_same_page():
    assert page("pattern1") == page("pattern1")
