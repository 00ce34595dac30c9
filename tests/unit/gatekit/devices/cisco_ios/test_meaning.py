"""What a rendered configuration means is what the plan asks; every fault in it is seen."""

from __future__ import annotations

import json

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.errors import DeviceError
from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan.make import make_plan
from gatekit.plan.network_device import CpePart, CryptoSuite
from tests.sites import data_centre, generated_intent, generated_site, parts_of, vendor_plan
from tests.unit.gatekit.devices.cisco_ios.boxes import (
    PATTERNS,
    cpe_part,
    observed,
    planned_box,
    switch_box,
    switch_part,
)


def seen(text: str, part: CpePart) -> bool:
    """Return whether the reader notices that the text is not the plan."""
    try:
        return PLATFORM.meaning(text, part) != meaning_of(part)
    except DeviceError as error:
        return error.code == "GW427"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_rendered_cpe_means_what_the_plan_asks(pattern):
    for name, part in parts_of(vendor_plan("cisco_iosxe", pattern)).items():
        if isinstance(part, CpePart):
            assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part), name


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("numbered", [True, False], ids=["lists with numbers", "lists without"])
def test_the_box_shows_what_the_plan_asks(pattern, numbered):
    part = cpe_part(pattern)
    box = planned_box(part)
    box.running.numbered = numbered
    assert PLATFORM.meaning(box.running_text(), part) == meaning_of(part)


def test_the_rendered_route_means_what_the_plan_asks():
    part = switch_part()
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)
    assert PLATFORM.meaning(switch_box().running_text() + PLATFORM.render(part), part) == meaning_of(part)


@pytest.mark.parametrize("group", [14, 15, 16, 19, 20])
def test_level_base_means_what_the_plan_asks(group):
    part = cpe_part()
    suite = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=group)
    tunnel = part.plan.tunnel.model_copy(update={"suite": suite})
    base = CpePart(part.plan.model_copy(update={"tunnel": tunnel}), part.unit)
    text = PLATFORM.render(base)
    assert PLATFORM.meaning(text, base) == meaning_of(base)
    assert seen(text.replace(" integrity sha256", " integrity sha1"), base)
    assert PLATFORM.change_set(observed(planned_box(base).running_text()), base, renewed_secrets=frozenset()).empty


def test_generated_hospitals_have_the_cpe_they_want():
    seen_patterns = set()
    for number in range(40):
        site = generated_site(number)
        if "cpe" not in site["vpn"]:
            continue
        site["vpn"]["cpe"]["product"] = "cisco_iosxe"
        given = Site.model_validate_json(json.dumps(site), strict=True)
        for part in parts_of(make_plan(Intent(site=given, data_centre=data_centre()))).values():
            if isinstance(part, CpePart):
                seen_patterns.add(given.vpn.pattern)
                assert PLATFORM.meaning(planned_box(part).running_text(), part) == meaning_of(part)
    assert seen_patterns == {1, 2, 3}


def test_fifty_generated_hospitals_have_the_route_they_want():
    for number in range(50):
        part = make_plan(generated_intent(number)).l3_switch
        assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


def test_the_delegated_prefix_is_read_too():
    part = cpe_part("pattern2")
    text = PLATFORM.render(part)
    for old, new in (
        (" ipv6 dhcp client pd GW-PD\n", ""),
        ("GW-PD ::10/128", "GW-PD ::11/128"),
        ("tunnel source Loopback10", "tunnel source GigabitEthernet0/0/0"),
        (" permit udp FE80::/10 eq 547 any eq 546\n", " permit udp any eq 547 any eq 546\n"),
        (
            "no ip http server\n",
            "no ip http server\nip nat inside source list X interface GigabitEthernet0/0/0 overload\n",
        ),
    ):
        assert old in text
        assert seen(text.replace(old, new), part), old


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ip route 10.161.4.0 255.255.255.0 192.168.10.6", True),
        ("ip route 10.161.4.128 255.255.255.128 192.168.10.5", True),
        ("ip route 10.161.5.0 255.255.255.0 192.168.10.6", False),
    ],
)
def test_a_second_way_into_our_network_is_seen_on_the_switch(line, expected):
    part = switch_part()
    found = PLATFORM.meaning(PLATFORM.render(part) + line + "\n", part)
    assert (found != meaning_of(part)) is expected


def test_a_firewall_is_refused():
    with pytest.raises(DeviceError) as caught:
        PLATFORM.meaning("", vendor_plan("cisco_iosxe").firewall)
    assert caught.value.code == "GW427"
