"""What is sent leads to the plan, and what takes it back leads back: on the simulated box, line by line."""

from __future__ import annotations

import re

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Touch
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.text import sections, stable
from gatekit.simulators.cisco_ios import CiscoIosDevice
from gatekit.simulators.cisco_ios.editing import Editing, Question
from tests.unit.gatekit.devices.cisco_ios.boxes import (
    PATTERNS,
    cpe_part,
    fresh_box,
    observed,
    planned_box,
    revealed,
    switch_box,
    switch_part,
)

NONE: frozenset[str] = frozenset()
WEAK = "crypto ikev2 proposal WEAK\n encryption 3des\n integrity sha\n group 2\n"
EXTRA = """\
crypto ipsec transform-set OLD esp-3des esp-sha-hmac
 mode tunnel
crypto ikev2 keyring OLD
 peer X
  address 2001:DB8::1
crypto ikev2 profile OLD
 keyring local OLD
crypto ipsec profile OLD
 set transform-set OLD
 set ikev2-profile OLD
interface Tunnel11
 tunnel source GigabitEthernet0/0/0
 tunnel protection ipsec profile OLD
ip route 10.99.0.0 255.255.0.0 Tunnel11
"""
FAULTS = {
    "a changed list": ("host 10.161.252.5 eq 22", "host 10.161.252.5 eq 23"),
    "an extra entry": (" permit esp host", " permit tcp any any eq 22\n permit esp host"),
    "a changed standard list": ("standard GW-MGMT\n", "standard GW-MGMT\n permit 192.168.0.0 0.0.255.255\n"),
    "a changed selector list": (
        "list extended GW-TUNNEL\n",
        "list extended GW-TUNNEL\n permit ip host 10.9.9.9 host 10.200.1.1\n",
    ),
    "an extra list": (
        "ip access-list standard",
        "ip access-list extended GW-OLD\n permit ip any any\nip access-list standard",
    ),
    "a weak proposal": (" group 20\n", " group 14\n"),
    "an extra proposal in use": (
        "crypto ikev2 policy GW-DC\n",
        f"{WEAK}crypto ikev2 policy GW-DC\n proposal WEAK\n",
    ),
    "another transform": ("esp-gcm 256", "esp-aes 256 esp-sha256-hmac"),
    "an extra tunnel with all that it needs": (
        "interface Tunnel10\n",
        f"{EXTRA}interface Tunnel10\n",
    ),
    "another next hop": ("255.255.255.0 10.161.252.6", "255.255.255.0 10.161.252.7"),
    "another distance": ("Null0 250", "Null0 200"),
    "no discard route": ("ip route 10.200.0.0 255.255.0.0 Null0 250\n", ""),
    "another identity": ("remote fqdn dc-gw", "remote fqdn dc-other"),
    "another peer": ("2001:DB8:DC::10", "2001:DB8:DC::11"),
    "unbound lists": (" ip access-group GW-WAN4-OUT out\n", ""),
    "another time server": ("ntp server 10.200.9.10", "ntp server 10.200.9.11"),
    "a web server": ("no ip http server", "ip http server"),
    "a shut tunnel": (" description data centre\n", " description data centre\n shutdown\n"),
    "another name": ("hostname cpe-higashi-a", "hostname cpe-old"),
    "no login list": (" access-class GW-MGMT in\n", ""),
    "no translation": ("ip nat inside source list GW-NAT interface GigabitEthernet0/0/0 overload\n", ""),
}


def typed(box: CiscoIosDevice, lines: tuple[str, ...]) -> None:
    """Type lines into the box's configuration mode, as the transaction does."""
    editing = Editing(box.running)
    for line in lines:
        if line == "exit":
            assert editing.leave()
            continue
        try:
            editing.take(revealed(line).strip())
        except Question:
            editing.take(revealed(line).strip(), agreed=True)


def arranged(text: str) -> dict[str, list[str]]:
    """Return sections with their lines, in one order where the order means nothing."""
    ordered = re.compile(r"ip access-list extended|ipv6 access-list")
    return {
        part.header: [re.sub(r"^ (sequence )?\d+ ", " ", line) for line in part.lines]
        if ordered.match(part.header)
        else sorted(re.sub(r"^ \d+ ", " ", line) for line in part.lines)
        for part in sections(stable(text))
    }


def there_and_back(box: CiscoIosDevice, part) -> None:
    before = box.running_text()
    change = PLATFORM.change_set(observed(before), part, renewed_secrets=NONE)
    assert change.forward
    assert change.diff
    typed(box, change.forward)
    assert PLATFORM.meaning(box.running_text(), part) == meaning_of(part)
    assert PLATFORM.change_set(observed(box.running_text()), part, renewed_secrets=NONE).empty
    typed(box, change.inverse)
    assert arranged(box.running_text()) == arranged(before)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_planned_box_needs_nothing(pattern):
    part = cpe_part(pattern)
    change = PLATFORM.change_set(observed(planned_box(part).running_text()), part, renewed_secrets=NONE)
    assert (change.empty, change.inverse, change.diff) == (True, (), "")


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("archive", [True, False])
def test_a_factory_fresh_box_becomes_the_plan_and_goes_back(pattern, archive):
    part = cpe_part(pattern)
    there_and_back(fresh_box(part, archive=archive), part)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_put_right_and_comes_back(name):
    part = cpe_part()
    text = PLATFORM.render(part)
    old, new = FAULTS[name]
    assert old in text
    there_and_back(planned_box(part, text.replace(old, new)), part)


def test_a_pattern_becomes_another():
    part, other = cpe_part("pattern3"), cpe_part("pattern2")
    box = planned_box(other)
    change = PLATFORM.change_set(observed(box.running_text()), part, renewed_secrets=NONE)
    typed(box, change.forward)
    assert PLATFORM.meaning(box.running_text(), part) == meaning_of(part)


def test_a_list_in_use_is_never_missing():
    """Every binding names a list that is there, after every single line."""
    part = cpe_part()
    box = planned_box(part, PLATFORM.render(part).replace("host 10.161.252.5 eq 22", "host 10.161.252.5 eq 23"))
    change = PLATFORM.change_set(observed(box.running_text()), part, renewed_secrets=NONE)
    editing = Editing(box.running)
    for line in change.forward:
        if line == "exit":
            editing.leave()
            continue
        editing.take(revealed(line).strip())
        for interface in box.running.sections("interface "):
            bound = interface.children.get("ip access-group in")
            if bound:
                named = box.running.top(f"ip access-list extended {bound.text.split()[2]}")
                assert named is not None
                assert any(text.startswith("deny ip any any") for text in named.lines())


def test_only_new_secrets_are_sent_again():
    part = cpe_part()
    found = observed(planned_box(part).running_text())
    change = PLATFORM.change_set(found, part, renewed_secrets=frozenset({"vpn_psk"}))
    assert change.forward == (
        "crypto ikev2 keyring GW-DC",
        " peer DC",
        "  pre-shared-key local <secret vpn_psk>",
        "  pre-shared-key remote <secret vpn_psk>",
        "exit",
        "exit",
    )
    change = PLATFORM.change_set(found, part, renewed_secrets=frozenset({"cpe_password"}))
    assert change.forward == ("username gwops privilege 15 algorithm-type scrypt secret <secret cpe_password>",)


def test_what_is_not_ours_is_neither_sent_nor_shown():
    part = cpe_part()
    change = PLATFORM.change_set(observed(fresh_box(part).running_text()), part, renewed_secrets=NONE)
    everything = "\n".join((*change.forward, *change.inverse, change.diff))
    for foreign in (
        "snmp",
        "enable secret",
        "Mgmt-intf",
        "GigabitEthernet0\n",
        "negotiation",
        "exec-timeout",
        "boot-start",
    ):
        assert foreign not in everything


def test_what_a_change_touches_is_said():
    part = cpe_part()
    text = PLATFORM.render(part)

    def touched(old: str, new: str):
        found = observed(planned_box(part, text.replace(old, new)).running_text())
        change = PLATFORM.change_set(found, part, renewed_secrets=NONE)
        return change.touches, change.interrupts

    assert touched("ntp server 10.200.9.10", "ntp server 10.200.9.11") == (frozenset({Touch.OTHER}), False)
    assert touched("255.255.255.0 10.161.252.6", "255.255.255.0 10.161.252.7") == (frozenset({Touch.ROUTES}), True)
    assert touched(" set pfs group20", " set pfs group14") == (frozenset({Touch.TUNNEL}), True)
    assert touched("host 10.161.252.5 eq 22", "host 10.161.252.5 eq 23")[1] is True  # the tunnel's list is among them
    assert touched(" permit tcp any 203.0.113.64 0.0.0.15 eq 443", " permit tcp any 203.0.113.64 0.0.0.15 eq 444") == (
        frozenset({Touch.POLICY, Touch.MANAGEMENT}),
        False,
    )
    assert touched(" access-class GW-MGMT in\n", "") == (frozenset({Touch.MANAGEMENT}), False)


def test_the_switch_gets_one_line_and_gives_it_back():
    part = switch_part()
    box = switch_box()
    before = box.running_text()
    change = PLATFORM.change_set(observed(before), part, renewed_secrets=NONE)
    assert change.forward == ("ip route 10.161.4.0 255.255.255.0 192.168.10.5 name GW-APPLIANCE",)
    assert change.inverse == ("no ip route 10.161.4.0 255.255.255.0 192.168.10.5",)
    typed(box, change.forward)
    assert PLATFORM.change_set(observed(box.running_text()), part, renewed_secrets=NONE).empty
    typed(box, PLATFORM.removal(observed(box.running_text()), part).forward)
    assert box.running_text() == before
    assert PLATFORM.removal(observed(before), part).empty


def test_our_route_under_another_name_gets_ours():
    part = switch_part()
    other = "ip route 10.161.4.0 255.255.255.0 192.168.10.5 name SOMETHING"
    box = switch_box()
    typed(box, (other,))
    before = box.running_text()
    change = PLATFORM.change_set(observed(before), part, renewed_secrets=NONE)
    typed(box, change.forward)
    assert PLATFORM.change_set(observed(box.running_text()), part, renewed_secrets=NONE).empty
    typed(box, change.inverse)
    assert box.running_text() == before
