"""One session on a Cisco box: slow lines, new names, warnings, and nothing said of a secret."""

from __future__ import annotations

import time

import pytest

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import ChangeSet, Ending
from gatekit.devices.change.request import RevertedError
from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.text import stable
from gatekit.errors import DeviceError
from gatekit.plan.network_device import CpePart
from gatekit.simulators.cisco_ios import words
from tests.unit.gatekit.devices.cisco_ios.boxes import (
    SECRETS,
    cpe_part,
    planned_box,
    switch_box,
    switch_part,
)

pytestmark = pytest.mark.peer
SLOW = 3.0  # two minutes of the box in 40 s: no timer may fire before the evidence


def sessions_of(lab):
    access = Access(PLATFORM, lab.simulator.login(), lab.part, SECRETS)
    return access, access.open()


def test_the_box_may_warn_in_the_middle_of_the_lines(open_lab):
    lab = open_lab(switch_box(speed=SLOW), switch_part())
    _, session = sessions_of(lab)
    transaction = PLATFORM.transaction()
    transaction.arm(session, 120)
    transaction.push(session, ChangeSet(forward=("hostname one",)))
    lab.simulator.run(lab.box.rollback._timers[1].fire)
    transaction.push(session, ChangeSet(forward=("hostname two", "ip route 10.9.0.0 255.255.0.0 Null0")))
    transaction.activate(session)
    transaction.keep(session)
    assert lab.startup() == lab.running()
    assert "hostname two" in lab.startup()
    session.close()


def test_a_release_without_the_timer_is_not_touched(open_lab, monkeypatch):
    monkeypatch.setattr(words, "NOT_PENDING", words.INVALID)
    lab = open_lab(switch_box(speed=SLOW), switch_part())
    before = lab.running()
    with pytest.raises(RevertedError) as caught:
        lab.change()
    assert caught.value.code == "GW423"
    assert (lab.running(), lab.startup()) == (before, before)


def test_a_whole_change_over_a_slow_and_chunked_line(open_lab):
    lab = open_lab(switch_box(archive=False), switch_part(), chunk_bytes=9, delay_s=0.001)
    assert lab.change().ending is Ending.CONFIRMED
    assert "name GW-APPLIANCE" in lab.startup()


def test_slow_and_chunked_output_is_read_right(open_lab):
    part = cpe_part()
    lab = open_lab(planned_box(part), part, chunk_bytes=100, delay_s=0.002)
    access, session = sessions_of(lab)
    assert access.observe(session).running == stable(lab.running())
    session.close()


def test_a_new_name_does_not_lose_the_session(open_lab):
    part = cpe_part(role="spare")
    lab = open_lab(planned_box(cpe_part(), speed=SLOW), part)
    outcome = lab.change()
    assert outcome.ending is Ending.CONFIRMED
    assert "hostname cpe-higashi-b" in outcome.change_set.forward
    assert "hostname cpe-higashi-b" in lab.startup()


def test_a_long_name_whose_prompt_is_cut_does_not_lose_the_session(open_lab):
    part = cpe_part()
    unit = part.unit.model_copy(update={"host_name": "cpe-a-hospital-with-a-very-long-name-a"})
    lab = open_lab(planned_box(cpe_part(), speed=SLOW), CpePart(part.plan, unit))
    assert lab.change().ending is Ending.CONFIRMED
    assert lab.change().ending is Ending.UNCHANGED
    assert f"hostname {unit.host_name}" in lab.startup()


@pytest.mark.parametrize("master_key", [False, True], ids=["keys in clear", "keys of type 6"])
def test_secrets_are_sent_again_only_when_they_are_new(open_lab, master_key):
    part = cpe_part()
    lab = open_lab(planned_box(part, speed=SLOW, master_key=master_key), part)
    assert any("<secret vpn_psk>" in line for line in lab.change().change_set.forward)  # an unknown device
    assert lab.change().ending is Ending.UNCHANGED
    assert lab.change(secrets={**SECRETS, "vpn_psk": "another-one"}).ending is Ending.CONFIRMED
    assert ("another-one" in lab.running()) is not master_key


def test_the_account_of_no_privilege_is_refused(open_lab):
    part = cpe_part()
    box = planned_box(part)
    box.privileged = False
    lab = open_lab(box, part)
    with pytest.raises(DeviceError) as caught:
        sessions_of(lab)
    assert caught.value.code == "GW404"


MESSAGES = (
    "*Nov 23 09:00:01.123: %SYS-5-CONFIG_I: Configured from console by suzuki on vty1 (10.200.9.7)\n",
    words.ONE_MINUTE,
    "\nNov 23 09:00:01.123 JST: %LINK-3-UPDOWN: Interface Vlan20, changed state to up\n",
)


@pytest.mark.parametrize("message", MESSAGES, ids=["a log line", "the timer's warning", "one on a line of its own"])
def test_what_the_box_says_behind_its_prompt_costs_no_patience(open_lab, message):
    lab = open_lab(switch_box(speed=SLOW), switch_part())
    access, session = sessions_of(lab)
    terminal = lab.simulator.run(lambda: lab.box.sessions[0])
    read_line = terminal.read_line

    async def says_something(prompt: str, *, echo: bool = True) -> str:
        lab.box.clock.call_after(0.01, lambda: terminal.post(message))
        return await read_line(prompt, echo=echo)

    terminal.read_line = says_something
    began_at = time.monotonic()
    assert access.observe(session).running == stable(lab.running())
    assert time.monotonic() - began_at < 10
    session.close()
