"""The CPE's text beyond its meaning: what differs between units, what is refused, what the box takes."""

from __future__ import annotations

import re

import pytest

from gatekit.errors import RenderError
from gatekit.plan.network_device import CpePlan
from gatekit.render.cisco_ios import cpe_config, removal_lines, route_lines
from tests.unit.gatekit.devices.cisco_ios.boxes import PATTERNS, cpe_part, planned_box, switch_part


def changed(**values):
    part = cpe_part()
    return type(part)(part.plan.model_copy(update=values), part.unit)


def refusal(part) -> tuple[str, str, object]:
    with pytest.raises(RenderError) as caught:
        cpe_config(part)
    return caught.value.facts[:3]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_same_plan_gives_the_same_text(pattern):
    assert cpe_config(cpe_part(pattern)) == cpe_config(cpe_part(pattern))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_box_takes_every_line(pattern):
    assert planned_box(cpe_part(pattern)).running_text()


def test_vpn_1_the_spare_differs_in_its_name_alone():
    main, spare = (cpe_config(cpe_part(role=role)).splitlines() for role in ("main", "spare"))
    assert [pair for pair in zip(main, spare, strict=True) if len(set(pair)) == 2] == [
        ("hostname cpe-higashi-a", "hostname cpe-higashi-b")
    ]


def test_secrets_stand_by_name():
    text = cpe_config(cpe_part())
    assert re.findall(r"<secret (\w+)>", text) == ["cpe_password", "vpn_psk", "vpn_psk"]


def test_only_pattern_1_has_ipv4_on_its_line():
    texts = {pattern: cpe_config(cpe_part(pattern)) for pattern in PATTERNS}
    assert {pattern: "ip address dhcp" in text for pattern, text in texts.items()} == {
        "pattern1": True,
        "pattern2": False,
        "pattern3": False,
    }
    for pattern in ("pattern2", "pattern3"):
        assert "ip nat" not in texts[pattern]
        assert "list extended GW-WAN4-IN\n deny ip any any log\n!" in texts[pattern]


def test_level_base_is_spelled_with_integrity_and_without_prf():
    plan = cpe_part().plan
    base = plan.tunnel.suite.model_copy(
        update={"level": "BASE", "encryption": "aes256-cbc", "integrity": "sha256", "prf": "sha256"}
    )
    text = cpe_config(changed(tunnel=plan.tunnel.model_copy(update={"suite": base})))
    assert " encryption aes-cbc-256\n integrity sha256\n group 20\n" in text
    assert "transform-set GW-DC esp-aes 256 esp-sha256-hmac\n" in text


def test_what_ios_cannot_say_is_refused_with_path_value_and_fix():
    plan: CpePlan = cpe_part().plan
    suite = plan.tunnel.suite

    def tunnel(**values):
        return changed(tunnel=plan.tunnel.model_copy(update=values))

    assert refusal(tunnel(suite=suite.model_copy(update={"dh_group": 31}))) == (
        "GW302",
        "tunnel.suite.dh_group",
        31,
    )
    assert refusal(tunnel(suite=suite.model_copy(update={"integrity": "sha256"}))) == (
        "GW302",
        "tunnel.suite.integrity",
        "sha256",
    )
    assert refusal(tunnel(underlay="ipv4")) == ("GW302", "tunnel.underlay", "ipv4")
    no_peer = plan.tunnel.remote.model_copy(update={"underlay": None})
    assert refusal(tunnel(remote=no_peer)) == ("GW302", "tunnel.remote.underlay", None)
    dmz_alone = plan.tunnel.local.model_copy(update={"networks": (plan.dmz,)})
    assert refusal(tunnel(local=dmz_alone)) == ("GW302", "tunnel.local.networks", "10.161.252.4/30")
    no_ipv4 = plan.wan.model_copy(update={"ipv4": False})
    assert refusal(changed(wan=no_ipv4)) == ("GW302", "cpe.wan.ipv4", False)


def test_nw_4_the_route_is_one_line_and_so_is_its_removal():
    part = switch_part()
    assert route_lines(part) == "ip route 10.161.4.0 255.255.255.0 192.168.10.5 name GW-APPLIANCE\n"
    assert removal_lines(part) == "no ip route 10.161.4.0 255.255.255.0 192.168.10.5\n"
