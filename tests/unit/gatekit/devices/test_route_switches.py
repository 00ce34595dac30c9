"""NW-4 on Comware, AlliedWare Plus and AOS-CX: our route and nothing else, and only where it is right."""

from __future__ import annotations

import re

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Touch
from gatekit.errors import DeviceError, RenderError
from tests.sites import example_plan
from tests.unit.gatekit.devices.switch_lab import KINDS, Kind

EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def changes(kind: Kind, text: str) -> ChangeSet:
    return kind.platform.change_set(kind.observed(text), kind.plan, renewed_secrets=frozenset())


def shown(kind: Kind, extra: str = "") -> str:
    return kind.configuration(extra).text()


@EVERY
def test_nw_4_the_missing_line_is_added_and_nothing_else(kind: Kind) -> None:
    assert changes(kind, shown(kind)) == ChangeSet(
        forward=(kind.ours,), inverse=(kind.removal,), touches=frozenset({Touch.ROUTES}), diff=f"+{kind.ours}"
    )


@EVERY
def test_nw_4_a_line_that_is_there_is_left_alone(kind: Kind) -> None:
    assert changes(kind, shown(kind, kind.ours)) == ChangeSet()


@EVERY
def test_nw_4_removal_takes_our_line_only(kind: Kind) -> None:
    found = kind.platform.removal(kind.observed(shown(kind, kind.ours)), kind.plan)
    assert (found.forward, found.inverse, found.interrupts) == ((kind.removal,), (kind.ours,), True)
    assert kind.platform.removal(kind.observed(shown(kind)), kind.plan) == ChangeSet()


@EVERY
def test_nw_4_a_foreign_route_for_our_network_is_no_line_of_ours_to_remove(kind: Kind) -> None:
    text = shown(kind, kind.route("10.161.4.0/24", "192.168.10.6"))
    assert kind.platform.removal(kind.observed(text), kind.plan) == ChangeSet()


@EVERY
def test_forward_means_the_plan_and_inverse_gives_back_the_first_text(kind: Kind) -> None:
    box = kind.configuration()
    before, found = box.text(), changes(kind, box.text())
    for line in found.forward:
        box.take(line, None)
    assert kind.platform.meaning(kind.platform.reading.settled(box.text()), kind.plan) == meaning_of(kind.plan)
    assert changes(kind, box.text()) == ChangeSet()
    for line in found.inverse:
        box.take(line, None)
    assert box.text() == before


@EVERY
def test_what_is_rendered_means_what_is_planned(kind: Kind) -> None:
    assert kind.platform.render(kind.plan) == f"{kind.ours}\n"
    assert kind.platform.meaning(kind.platform.render(kind.plan), kind.plan) == meaning_of(kind.plan)


REFUSED = {
    "another next hop": ("10.161.4.0/24", "192.168.10.6"),
    "a more specific route": ("10.161.4.128/25", "192.168.10.5"),
    "a host route": ("10.161.4.20/32", "192.168.20.9"),
}


@EVERY
@pytest.mark.parametrize("name", REFUSED)
def test_nw_4_another_way_into_our_network_is_refused(kind: Kind, name: str) -> None:
    line = kind.route(*REFUSED[name])
    with pytest.raises(DeviceError) as refused:
        changes(kind, shown(kind, line))
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", line)


@EVERY
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("192.168.20.1", "10.161.4.1"),
        ("192.168.20.1", "10.161.4.129"),
    ],
)
def test_nw_4_a_network_of_the_switch_that_overlaps_ours_is_refused(kind: Kind, old: str, new: str) -> None:
    with pytest.raises(DeviceError) as refused:
        changes(kind, shown(kind).replace(old, new))
    assert refused.value.facts[:3] == ("GW425", "l3_switch.connected", "10.161.4.0/24")


@EVERY
def test_nw_4_a_next_hop_on_no_network_of_the_switch_is_refused(kind: Kind) -> None:
    with pytest.raises(DeviceError) as refused:
        changes(kind, shown(kind).replace("192.168.10.1", "192.168.11.1"))
    assert refused.value.facts[:3] == ("GW425", "l3_switch.next_hop", "192.168.10.5")


@EVERY
def test_nw_4_an_interface_that_is_shut_connects_nothing(kind: Kind) -> None:
    box = kind.configuration()
    section = next(name for name, held in box.sections.items() if "192.168.10.1" in held.get("ip address", ""))
    box.take("shutdown", section)
    with pytest.raises(DeviceError) as refused:
        changes(kind, box.text())
    assert refused.value.facts[:2] == ("GW425", "l3_switch.next_hop")


VRF = {
    "comware": "ip binding vpn-instance guest",
    "alliedware_plus": "ip vrf forwarding guest",
    "aos_cx": "vrf attach guest",
}


@pytest.mark.parametrize("name", VRF)
def test_nw_4_an_interface_of_another_vrf_connects_nothing(name: str) -> None:
    kind = KINDS[name]
    box = kind.configuration()
    section = next(one for one, held in box.sections.items() if "192.168.10.1" in held.get("ip address", ""))
    box.take(VRF[name], section)
    with pytest.raises(DeviceError) as refused:
        changes(kind, box.text())
    assert refused.value.facts[:2] == ("GW425", "l3_switch.next_hop")


@EVERY
def test_routes_of_another_vrf_are_nobodys_business(kind: Kind) -> None:
    """The example hospital has one for our very network."""
    assert "guest" in shown(kind)
    assert changes(kind, shown(kind)).forward == (kind.ours,)


@EVERY
def test_less_specific_routes_and_the_default_are_the_hospitals_own(kind: Kind) -> None:
    assert changes(kind, shown(kind, kind.route("10.0.0.0/8", "192.168.20.9"))).forward == (kind.ours,)


@EVERY
def test_secrets_are_not_observed(kind: Kind) -> None:
    text = kind.platform.reading.settled(shown(kind))
    assert all(secret in shown(kind) for secret in (kind.boxes.SECRET, "perator"))
    assert not any(secret in text for secret in (kind.boxes.SECRET, "operator-hash", "OperatorHash"))
    assert text.count("<hidden>") == 2


@EVERY
def test_reading_what_was_settled_changes_nothing(kind: Kind) -> None:
    once = kind.platform.reading.settled(shown(kind))
    assert kind.platform.reading.settled(once) == once


@EVERY
def test_another_role_is_refused(kind: Kind) -> None:
    with pytest.raises(RenderError) as refused:
        kind.platform.render(example_plan("pattern4").firewall)
    assert refused.value.facts[:3] == ("GW302", "firewall.product", "linux")


AFTER_PROMPT = {
    "comware": ("<hosp-core>%Nov 23 09:00:00:123 2026 hosp-core CFGMAN/5/CFG: Rollback.\n", "<hosp-core>%Nov 23 09"),
    "aos_cx": (
        "cx-hosp# WARNING: Restoring configuration. Do NOT add any.\nRestoration successful\n",
        "cx-hosp# WARNING: Restor",
    ),
}


@pytest.mark.parametrize("name", AFTER_PROMPT)
def test_what_the_box_says_behind_its_prompt_hides_no_prompt(name: str) -> None:
    whole, half = AFTER_PROMPT[name]
    dialogue = KINDS[name].platform.dialogue
    assert re.search(dialogue.looking_prompt(), f"show version\n{whole}")
    assert not re.search(dialogue.looking_prompt(), f"show version\n{half}")
    assert dialogue.name_in(f"Welcome\n{whole}") == {"comware": "hosp-core", "aos_cx": "cx-hosp"}[name]
