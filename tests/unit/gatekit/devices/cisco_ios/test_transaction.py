"""Each way a change of a Cisco box can end, through netmiko and the engine."""

from __future__ import annotations

import time

import pytest

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import ChangeSet, Ending, ProbeResult
from gatekit.devices.change.request import RevertedError
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.text import stable
from gatekit.devices.cisco_ios.transaction import minutes
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.cisco_ios.boxes import (
    SECRETS,
    cpe_part,
    fresh_box,
    planned_box,
    switch_box,
    switch_part,
)
from tests.unit.gatekit.simulators.client import read_until, shell

pytestmark = pytest.mark.peer
SLOW = 3.0  # two minutes of the box in 40 s: no timer may fire before the evidence


def fails() -> ProbeResult:
    return ProbeResult(name="dicom", passed=False, found="no_answer")


def sessions_of(lab):
    access = Access(PLATFORM, lab.simulator.login(), lab.part, SECRETS)
    return access, access.open()


def test_a_factory_fresh_cpe_becomes_what_the_plan_says_and_survives_a_loss_of_power(open_lab):
    part = cpe_part()
    lab = open_lab(fresh_box(part, speed=SLOW), part)
    assert lab.change().ending is Ending.CONFIRMED
    assert lab.running() == lab.startup()
    lab.simulator.power_cycle(1.0)
    time.sleep(0.3)
    assert PLATFORM.meaning(lab.running(), part) == PLATFORM.meaning(PLATFORM.render(part), part)
    assert "gw-undo" not in lab.running()
    for line in (
        "snmp-server community hospital RO",
        "enable secret 9 $9$notours",
        " exec-timeout 30 0",
        " negotiation",
    ):
        assert line in lab.running()  # what is not ours is left as it is
    assert "interface GigabitEthernet0\n" in lab.running()


def test_evidence_against_the_change_of_a_factory_fresh_box_takes_it_back(open_lab):
    part = cpe_part()
    lab = open_lab(fresh_box(part, speed=SLOW), part)
    before = lab.running()
    with pytest.raises(RevertedError) as caught:
        lab.change(probes=(fails,))
    assert caught.value.code == "GW429"
    assert (lab.running(), lab.startup()) == (before, before)
    assert not lab.simulator.run(lambda: lab.box.rollback.pending)


def test_an_unconfirmed_change_of_a_factory_fresh_box_goes_back_by_itself(open_lab):
    """Its archive was set up for the timer alone: it stays until a power cut, and is no part of what was saved."""
    part = cpe_part()
    lab = open_lab(fresh_box(part, speed=SLOW), part)
    before = lab.running()
    _, session = sessions_of(lab)
    transaction = PLATFORM.transaction()
    transaction.arm(session, 120)
    transaction.push(session, ChangeSet(forward=("hostname other", "ip route 10.9.0.0 255.255.0.0 Null0")))
    lab.simulator.drop_sessions()
    assert "hostname other" in lab.running()  # it outlives the session
    lab.simulator.run(lambda: lab.box.clock.skip(120))
    assert (stable(lab.running()), lab.startup()) == (stable(before), before)
    lab.simulator.power_cycle(1.0)
    time.sleep(0.5)
    assert lab.running() == before


def test_a_timer_that_fired_while_lines_were_sent_still_ends_in_the_saved_state(open_lab):
    part = cpe_part()
    lab = open_lab(fresh_box(part, archive=True), part)
    before = lab.running()
    _, session = sessions_of(lab)
    transaction = PLATFORM.transaction()
    transaction.arm(session, 120)
    lab.simulator.run(lab.box.rollback.go_back)
    change = ChangeSet(forward=("hostname other", "username gwops privilege 15 secret changed"))
    transaction.push(session, change)
    transaction.undo(session, change)
    assert lab.running() == before
    session.close()


def test_a_session_dropped_in_the_middle_of_the_lines_goes_back(open_lab, monkeypatch):
    part = cpe_part()
    lab = open_lab(fresh_box(part, archive=True, speed=SLOW), part)
    before = lab.running()
    transaction = PLATFORM.transaction()
    real = type(transaction)._tell

    def tell(self, session, line, timeout_s=60.0):
        real(self, session, line, timeout_s)
        if line.startswith("crypto ipsec profile"):
            lab.simulator.drop_sessions()

    monkeypatch.setattr(type(transaction), "_tell", tell)
    with pytest.raises(RevertedError) as caught:
        lab.change()
    assert caught.value.code == "GW402"
    assert (lab.running(), lab.startup()) == (before, before)


def test_a_timer_of_somebody_else_is_not_touched(open_lab):
    part = cpe_part()
    lab = open_lab(planned_box(part, PLATFORM.render(part).replace("eq 443", "eq 444"), speed=SLOW), part)
    with shell(lab.simulator) as other:
        read_until(other, "#")
        other.send(b"configure terminal revert timer 60\r")
        read_until(other, "(config)#")
        with pytest.raises(DeviceError) as caught:
            lab.change()
    assert (caught.value.code, "Timer value: 60 min" in str(caught.value.value)) == ("GW413", True)
    assert lab.simulator.run(lambda: lab.box.rollback.pending)


def test_a_locked_configuration_mode_is_somebody_elses_edit(open_lab):
    lab = open_lab(switch_box(speed=SLOW), switch_part())
    with shell(lab.simulator) as other:
        read_until(other, "#")
        other.send(b"configure terminal lock\r")
        read_until(other, "(config)#")
        with pytest.raises(DeviceError) as caught:
            lab.change()
        assert caught.value.code == "GW413"
        assert "gwops" in str(caught.value.value)


def test_an_active_translation_is_asked_about_and_answered(open_lab):
    part = cpe_part("pattern3")
    text = PLATFORM.render(part).replace(
        "no ip http server\n",
        "no ip http server\nip access-list extended GW-OLD\n permit ip any any\n"
        "ip nat inside source list GW-OLD interface GigabitEthernet0/0/0 overload\n",
    )
    box = planned_box(part, text, speed=SLOW)
    box.translations = True
    lab = open_lab(box, part)
    assert lab.change().ending is Ending.CONFIRMED
    assert "ip nat" not in lab.startup()


def test_the_route_on_the_switch_and_nothing_else(open_lab):
    lab = open_lab(switch_box(archive=False, speed=SLOW), switch_part())
    before = lab.running()
    assert lab.change().ending is Ending.CONFIRMED
    ours = "ip route 10.161.4.0 255.255.255.0 192.168.10.5 name GW-APPLIANCE\n"
    assert lab.startup() == lab.running()
    assert lab.running().replace(ours, "") == before
    assert lab.change(absent=True).ending is Ending.CONFIRMED
    assert lab.startup() == before


def test_a_route_that_a_protocol_brought_is_not_covered_up(open_lab):
    box = switch_box()
    box.learnt["10.161.4.128/25"] = "O E2     10.161.4.128/25 [110/20] via 192.168.20.7, 00:10:00, Vlan20"
    lab = open_lab(box, switch_part())
    with pytest.raises(DeviceError) as caught:
        lab.change()
    assert caught.value.facts[:3] == ("GW421", "l3_switch.route", box.learnt["10.161.4.128/25"])


@pytest.mark.parametrize(("wish_s", "expected"), [(1, 2), (120, 2), (121, 3), (600, 10), (99999, 120)])
def test_the_timer_is_counted_in_whole_minutes_of_at_least_two(wish_s, expected):
    assert minutes(wish_s) == expected
