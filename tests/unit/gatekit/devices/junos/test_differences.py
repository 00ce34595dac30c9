from __future__ import annotations

import random

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Touch
from gatekit.devices.junos import PLATFORM
from gatekit.errors import DeviceError
from gatekit.simulators.junos import JunosDevice
from tests.sites import PATTERNS
from tests.unit.gatekit.simulators.junos.boxes import (
    SWITCH,
    as_planned,
    ex,
    firewall,
    l3_switch,
    observed,
    srx,
    typed,
    without,
)

NONE: frozenset[str] = frozenset()


def changes(device: JunosDevice, renewed: frozenset[str] = NONE, name: str = "pattern4") -> ChangeSet:
    return PLATFORM.change_set(observed(device), firewall(name), renewed_secrets=renewed)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_staged_box_becomes_what_is_planned_and_needs_nothing_then(name: str) -> None:
    device = srx()
    change_set = changes(device, name=name)
    typed(device, change_set.forward)
    assert PLATFORM.meaning(device.running_text(), firewall(name)) == meaning_of(firewall(name))
    assert changes(device, name=name) == ChangeSet()


def test_what_is_not_ours_stays() -> None:
    device = srx()
    typed(device, changes(device).forward)
    for line in ("set snmp location rack-7", "set system syslog file messages any any"):
        assert line in device.running_text()
    assert "set interfaces ge-0/0/5 unit 0 family inet address 172.31.0.1/24" in device.running_text()
    assert "telnet" not in device.running_text()
    assert "security-zone trust " not in device.running_text()


@pytest.mark.parametrize("name", PATTERNS)
def test_the_inverse_gives_back_what_was(name: str) -> None:
    device = srx()
    before = observed(device).running
    change_set = changes(device, name=name)
    typed(device, change_set.forward)
    typed(device, change_set.inverse)
    assert observed(device).running == before


@pytest.mark.parametrize("number", range(20))
def test_any_damage_is_put_right_and_the_inverse_brings_it_back(number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - which lines are damaged has to be the same tomorrow
    lines = as_planned(firewall()).splitlines(keepends=True)
    text = "".join(line for line in lines if "encrypted-password" in line or chance.random() > 0.05)
    device = srx("")
    device.commits.candidate = device._loaded(text)
    device.commits.history[0] = device.commits.history[0].__class__(device.commits.candidate.copy(), "", "")
    before = observed(device).running
    change_set = changes(device)
    typed(device, change_set.forward)
    assert PLATFORM.meaning(device.running_text(), firewall()) == meaning_of(firewall())
    assert changes(device) == ChangeSet()
    for line in change_set.inverse:
        assert "<hidden>" not in line
        assert "<secret" not in line
    hidden = [line for line in before.splitlines() if "<hidden>" not in line]
    _typed_unchecked(device, change_set.inverse)
    assert [line for line in observed(device).running.splitlines() if "<hidden>" not in line] == hidden


def _typed_unchecked(device: JunosDevice, lines: tuple[str, ...]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gatekit.simulators.junos.commits.complaints", lambda _: "")
        typed(device, lines)


def test_an_extra_policy_a_route_and_a_tunnel_go_as_whole_objects() -> None:
    extra = """\
set security policies from-zone TRUST to-zone UNTRUST policy x match source-address any
set security policies from-zone TRUST to-zone UNTRUST policy x match destination-address any
set security policies from-zone TRUST to-zone UNTRUST policy x match application any
set security policies from-zone TRUST to-zone UNTRUST policy x then permit
set security policies from-zone TRUST to-zone DMZ policy y match source-address any
set security policies from-zone TRUST to-zone DMZ policy y match destination-address any
set security policies from-zone TRUST to-zone DMZ policy y match application any
set security policies from-zone TRUST to-zone DMZ policy y then permit
set routing-options static route 10.0.0.0/8 next-hop 198.51.100.1
set security ike proposal P dh-group group2
set security ike policy P proposals P
set security ike policy P pre-shared-key ascii-text of-somebody-else
set security ike gateway P ike-policy P
set security ike gateway P address 203.0.113.99
"""
    device = srx(as_planned(firewall()) + extra)
    assert set(changes(device).forward) == {
        "delete routing-options static route 10.0.0.0/8",
        "delete security ike gateway P",
        "delete security ike policy P",
        "delete security ike proposal P",
        "delete security policies from-zone TRUST to-zone DMZ policy y",
        "delete security policies from-zone TRUST to-zone UNTRUST",
    }
    assert "of-somebody-else" not in changes(device).model_dump_json()


def test_a_leaf_with_one_value_is_overwritten_not_deleted() -> None:
    device = srx(as_planned(firewall()).replace("mss 1334", "mss 1460"))
    found = changes(device)
    assert found.forward == ("set security flow tcp-mss ipsec-vpn mss 1334",)
    assert found.inverse == ("set security flow tcp-mss ipsec-vpn mss 1460",)
    assert found.touches == {Touch.TUNNEL}
    assert [line for line in found.diff.splitlines() if not line.startswith("@@")] == [
        "--- device",
        "+++ plan",
        "-set security flow tcp-mss ipsec-vpn mss 1460",
        "+set security flow tcp-mss ipsec-vpn mss 1334",
    ]


def test_another_next_hop_takes_the_place_of_the_old_one() -> None:
    device = srx(
        as_planned(firewall()).replace(
            "route 172.20.0.0/16 next-hop 192.168.10.1", "route 172.20.0.0/16 next-hop 192.168.10.9"
        )
    )
    found = changes(device)
    assert found.forward == (
        "delete routing-options static route 172.20.0.0/16 next-hop 192.168.10.9",
        "set routing-options static route 172.20.0.0/16 next-hop 192.168.10.1",
    )
    assert found.touches == {Touch.ROUTES}
    assert found.interrupts


def test_a_policy_in_the_wrong_place_is_moved_before_the_one_it_belongs_before() -> None:
    lines = as_planned(firewall()).splitlines(keepends=True)
    moved = [line for line in lines if "to-zone junos-host policy ike-in " in line]
    device = srx("".join([*(line for line in lines if line not in moved), *moved]))
    found = changes(device)
    way = "security policies from-zone UNTRUST to-zone junos-host"
    assert found.forward == (f"insert {way} policy ike-in before policy esp-in",)
    typed(device, found.forward)
    assert changes(device) == ChangeSet()
    typed(device, found.inverse)
    assert changes(device).forward == found.forward


def test_what_is_out_of_force_is_put_into_force_again() -> None:
    device = srx(as_planned(firewall()))
    typed(device, ["deactivate security policies global policy deny-rest"])
    found = changes(device)
    assert found.forward == ("activate security policies global policy deny-rest",)
    typed(device, found.forward)
    assert changes(device) == ChangeSet()
    typed(device, found.inverse)
    assert changes(device).forward == found.forward


def test_a_secret_is_sent_again_only_when_it_is_renewed() -> None:
    device = srx(as_planned(firewall()))
    assert changes(device).empty
    found = changes(device, frozenset({"vpn_psk"}))
    assert found.forward == ('set security ike policy DC pre-shared-key ascii-text "<secret vpn_psk>"',)
    assert found.inverse == ()
    assert found.diff == '! sent again: set security ike policy DC pre-shared-key ascii-text "<hidden>"\n'
    assert [line.split(" plain")[0] for line in changes(device, frozenset({"firewall_password"})).forward] == [
        "set system root-authentication",
        "set system login user gwops authentication",
    ]


def test_what_the_box_shows_of_a_secret_is_in_no_text() -> None:
    device = srx(as_planned(firewall()))
    shown = [word for word in device.running_text().replace('"', " ").split() if word.startswith("$")]
    assert len(shown) == 3
    change_set = PLATFORM.change_set(
        observed(device).model_copy(update={"running": device.running_text()}),
        firewall(),
        renewed_secrets=frozenset({"vpn_psk"}),
    )
    assert not any(one in change_set.model_dump_json() + observed(device).model_dump_json() for one in shown)


# ------------------------------------------------------------------ the hospital's L3 switch
def switch_changes(device: JunosDevice) -> ChangeSet:
    return PLATFORM.change_set(observed(device), l3_switch(), renewed_secrets=NONE)


def test_nw_4_the_switch_gets_one_line_and_loses_one_line() -> None:
    device = ex()
    before = device.running_text()
    found = switch_changes(device)
    assert found.forward == ("set routing-options static route 10.161.4.0/24 next-hop 192.168.10.5",)
    assert found.inverse == ("delete routing-options static route 10.161.4.0/24",)
    assert found.touches == {Touch.ROUTES}
    typed(device, found.forward)
    assert PLATFORM.meaning(device.running_text(), l3_switch()) == meaning_of(l3_switch())
    assert switch_changes(device) == ChangeSet()
    assert set(device.running_text().splitlines()) - set(before.splitlines()) == set(found.forward)
    typed(device, found.inverse)
    assert device.running_text() == before


def test_nw_4_removal_takes_our_line_and_no_other() -> None:
    device = ex()
    before = device.running_text()
    assert PLATFORM.removal(observed(device), l3_switch()).empty
    typed(device, switch_changes(device).forward)
    found = PLATFORM.removal(observed(device), l3_switch())
    assert found.forward == ("delete routing-options static route 10.161.4.0/24",)
    typed(device, found.forward)
    assert device.running_text() == before


def test_nw_4_removal_leaves_what_somebody_else_wrote_for_the_same_network() -> None:
    other = "set routing-options static route 10.161.4.0/24 next-hop 192.168.30.9\n"
    device = ex(f"{SWITCH}{other}")
    assert PLATFORM.removal(observed(device), l3_switch()).empty
    typed(device, ["set routing-options static route 10.161.4.0/24 next-hop 192.168.10.5"])
    found = PLATFORM.removal(observed(device), l3_switch())
    assert found.forward == ("delete routing-options static route 10.161.4.0/24 next-hop 192.168.10.5",)
    typed(device, found.forward)
    assert other in device.running_text()


def test_a_firewall_is_not_emptied_from_afar() -> None:
    with pytest.raises(DeviceError) as caught:
        PLATFORM.removal(observed(srx()), firewall())
    assert caught.value.code == "GW423"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("set routing-options static route 10.161.4.0/24 next-hop 192.168.30.9", ("GW421", "l3_switch.route")),
        ("set routing-options static route 10.161.4.128/25 next-hop 192.168.10.5", ("GW421", "l3_switch.route")),
        ("set routing-options static route 10.161.4.0/24 discard", ("GW421", "l3_switch.route")),
        ("set interfaces irb unit 99 family inet address 10.161.4.1/24", ("GW425", "l3_switch.connected")),
    ],
)
def test_nw_4_what_speaks_against_our_route_is_refused(line: str, expected: tuple[str, str]) -> None:
    with pytest.raises(DeviceError) as caught:
        switch_changes(ex(f"{SWITCH}{line}\n"))
    assert caught.value.facts[:2] == expected
    assert caught.value.value == ("10.161.4.0/24" if expected[0] == "GW425" else line)


def test_nw_4_a_switch_without_the_next_hops_network_is_refused() -> None:
    with pytest.raises(DeviceError) as caught:
        switch_changes(ex(without(SWITCH, "irb unit 10")))
    assert caught.value.facts[:3] == ("GW425", "l3_switch.next_hop", "192.168.10.5")
