from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.junos import PLATFORM
from gatekit.errors import DeviceError, RenderError
from gatekit.plan.make import make_plan
from tests.sites import PATTERNS, generated_intent, parts_of, vendor_plan
from tests.unit.gatekit.simulators.junos.boxes import as_planned, firewall, l3_switch, srx


@pytest.mark.parametrize("name", PATTERNS)
def test_what_is_rendered_means_what_is_planned(name: str) -> None:
    part = firewall(name)
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


@pytest.mark.parametrize("name", PATTERNS)
def test_what_the_box_shows_of_it_means_the_same(name: str) -> None:
    part = firewall(name)
    assert PLATFORM.meaning(srx(as_planned(part)).running_text(), part) == meaning_of(part)


def test_what_is_rendered_for_the_switch_means_our_route() -> None:
    part = l3_switch()
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


@pytest.mark.parametrize("number", range(8))
def test_generated_hospitals_mean_what_is_planned(number: int) -> None:
    part = make_plan(generated_intent(number)).firewall
    ports = ("ge-0/0/0", "ge-0/0/1", "ge-0/0/2")
    rows = tuple(row.model_copy(update={"port": port}) for row, port in zip(part.interfaces, ports, strict=True))
    part = part.model_copy(update={"interfaces": rows, "product": "juniper_srx"})
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


def test_base_means_base() -> None:
    part = firewall()
    assert part.tunnel is not None
    base = {"level": "BASE", "encryption": "aes256-cbc", "integrity": "sha256", "prf": "sha256", "dh_group": 19}
    tunnel = part.tunnel.model_copy(update={"suite": part.tunnel.suite.model_copy(update=base)})
    part = part.model_copy(update={"tunnel": tunnel})
    assert PLATFORM.meaning(PLATFORM.render(part), part) == meaning_of(part)


def test_an_error_names_the_line_and_says_what_to_do() -> None:
    part = firewall()
    with pytest.raises(DeviceError) as caught:
        PLATFORM.meaning(PLATFORM.render(part) + "set security alg sip disable\n", part)
    assert caught.value.facts == (
        "GW427",
        "firewall.configuration",
        "set security alg sip disable",
        "Find out who wrote it and what for; remove it, or teach gatekit its meaning.",
    )


def test_what_is_not_ours_is_not_read() -> None:
    part = firewall()
    foreign = "set snmp location rack-7\nset interfaces ge-0/0/7 unit 0 family inet address 10.9.9.1/24\n"
    assert PLATFORM.meaning(PLATFORM.render(part) + foreign, part) == meaning_of(part)


def test_a_cpe_is_no_part_of_this_platform() -> None:
    part = parts_of(vendor_plan("juniper_srx", "pattern1"))["cpe_main"]
    with pytest.raises(RenderError) as caught:
        PLATFORM.render(part)
    assert caught.value.code == "GW301"
