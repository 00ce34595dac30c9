"""The PAC file is run by a JavaScript engine, as a browser would."""

from __future__ import annotations

import json
from ipaddress import IPv4Network

import dukpy
import pytest

from gatekit.plan.model import ProxyPlan
from gatekit.render.squid import SETTINGS_ROOT, automatic_script, settings_files
from tests.sites import example_plan

PROXY = example_plan("pattern4").proxy
WIDE = ProxyPlan.model_validate(PROXY.model_dump() | {"destinations": ("Portal.example.jp", ".cdn.example.jp")})
THROUGH = f"PROXY {PROXY.address}:{PROXY.port}"


def way(plan: ProxyPlan, host: str) -> str:
    found: str = dukpy.evaljs(
        f"{automatic_script(plan)}; FindProxyForURL('https://' + dukpy.host + '/x?y', dukpy.host)", host=host
    )
    return found


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("portal.example.jp", THROUGH),
        ("PORTAL.EXAMPLE.JP", THROUGH),
        ("portal.example.jp.", THROUGH),
        ("cdn.example.jp", THROUGH),
        ("a.b.cdn.example.jp", THROUGH),
        ("www.portal.example.jp", "DIRECT"),
        ("portal.example.jp.evil.example", "DIRECT"),
        ("notcdn.example.jp", "DIRECT"),
        ("example.jp", "DIRECT"),
        ("his-server", "DIRECT"),
        ("192.168.20.10", "DIRECT"),
        ("", "DIRECT"),
    ],
)
def test_hc_2_pac_sends_only_the_plans_names_to_the_proxy(host: str, expected: str) -> None:
    assert way(WIDE, host) == expected


def test_hc_2_every_destination_of_the_plan_goes_through_the_proxy() -> None:
    for name in PROXY.destinations:
        assert way(PROXY, name.removeprefix(".")) == THROUGH


def published() -> dict[str, str]:
    return {file.path.removeprefix(SETTINGS_ROOT + "/"): file.content for file in settings_files(PROXY) if file.content}


def test_hc_2_windows_files_are_ascii_with_windows_line_ends() -> None:
    for name in ("proxy-settings.reg", "proxy-winhttp.cmd"):
        content = published()[name].encode("ascii")
        assert content.count(b"\n") == content.count(b"\r\n") > 0
    assert published()["proxy-settings.reg"].startswith("Windows Registry Editor Version 5.00\r\n\r\n")


def test_hc_2_winhttp_setting_is_the_json_that_netsh_expects() -> None:
    line = next(row for row in published()["proxy-winhttp.cmd"].splitlines() if row.startswith("netsh"))
    setting = json.loads(line.split("settings=")[1].replace('\\"', '"'))
    assert setting["AutoconfigUrl"] == f"http://{PROXY.address}/proxy.pac"
    assert setting["Proxy"] == ""


def test_hc_2_values_for_setting_by_hand_are_those_of_the_plan() -> None:
    text = published()["proxy-settings.txt"]
    assert str(PROXY.address) in text
    assert str(PROXY.port) in text


def test_pac_address_names_a_port_other_than_80() -> None:
    other = PROXY.model_copy(update={"pac_port": 8080, "clients": (IPv4Network("10.0.0.0/8"),)})
    reg = next(file.content for file in settings_files(other) if file.path.endswith(".reg"))
    assert f'"AutoConfigURL"="http://{PROXY.address}:8080/proxy.pac"' in reg
