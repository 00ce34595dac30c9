"""Each way in which a change is taken back, on a small box behind a real SSH port."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending, ProbeResult
from gatekit.devices.change.request import CONSENT, RevertedError
from gatekit.devices.change.way_back import BY_HAND, BY_TIMER, DIFFERENT
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.change.box import PSK, STARTUP, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import PACE
from tests.unit.gatekit.devices.change.wishes import WANTED, fails, passes, reverted, timers

pytestmark = pytest.mark.peer


@timers
def test_a_line_refused_in_the_middle_leaves_the_device_as_it_was(lab, timed):
    error = reverted(lab, BoxPlatform({"ntp": "1", "refuse": "2", "route": "3"}, timed=timed))
    assert error.facts[:3] == ("GW422", "box-k.line", "set refuse 2: % refused: set refuse 2")
    assert not [line for line in lab.lines() if ": set route" in line]


@timers
def test_a_refused_line_that_bears_a_secret_is_named_without_it(lab, timed):
    error = reverted(lab, BoxPlatform({"ntp": "1", "refuse": "<secret vpn_psk>"}, timed=timed))
    assert error.facts[:3] == ("GW422", "box-k.line", "set refuse <secret vpn_psk>")


@timers
def test_probes_that_fail_take_the_change_back_and_are_named(lab, timed):
    error = reverted(lab, BoxPlatform(WANTED, timed=timed), probes=(passes, fails))
    assert error.facts[:3] == ("GW429", "box-k.probes", "dicom: no_answer")
    assert error.outcome.probes == (passes(), fails())


@timers
def test_a_way_that_worked_before_and_does_not_after_takes_the_change_back(lab, timed):
    answers = iter((passes(), fails()))
    error = reverted(lab, BoxPlatform(WANTED, timed=timed), ways=(lambda: next(answers), fails))
    assert error.facts[:3] == ("GW429", "box-k.probes", "dicom: no_answer")
    assert error.outcome.probes == (fails(),)


def test_a_line_that_was_swallowed_is_evidence_against_the_change(lab):
    lab.box.on_line = lambda _: lab.box.running.pop("ntp", None)
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2"}))
    assert error.facts[:3] == (
        "GW429",
        "box-k.configuration",
        "1 lines are missing or too many, the first: set ntp 1",
    )


def test_a_timer_that_fires_while_probing_is_noticed(lab):
    def slow() -> ProbeResult:
        lab.simulator.run(lab.box.timer.fire)
        return passes()

    error = reverted(lab, BoxPlatform(WANTED), probes=(slow,))
    assert (error.code, error.path) == ("GW429", "box-k.configuration")


def test_a_timer_that_fires_in_mid_push_leaves_no_half_of_the_change(lab):
    def fire(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.timer.fire()

    lab.box.on_line = fire
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2", "log": "3"}))
    assert error.facts[:2] == ("GW429", "box-k.configuration")


def test_evidence_that_takes_longer_than_the_timer_is_not_used(lab):
    lab.box.clock.speed = 0.01  # the device's own timer would fire far too late
    error = reverted(lab, BoxPlatform(WANTED), undo_after_s=1, probes=(lambda: time.sleep(1) or passes(),))
    assert error.facts[:3] == ("GW429", "box-k", "the evidence came too late for the timer")


def test_a_full_disk_when_saving_takes_the_change_back(lab):
    lab.box.disk_full = True
    error = reverted(lab, BoxPlatform(WANTED, timed=False))
    assert error.facts[:3] == ("GW422", "box-k.line", "save: % no room")


def test_without_a_timer_a_renewed_secret_needs_consent_because_the_old_one_is_not_known(lab):
    platform = BoxPlatform(WANTED, timed=False)
    lab.change(platform)
    renewed = {"vpn_psk": "another-key"}
    with pytest.raises(DeviceError) as refused:
        lab.change(platform, secrets=renewed)
    assert refused.value.facts == ("GW408", "box-k", "replaces a secret that only a restart brings back", CONSENT)
    with pytest.raises(DeviceError) as lost:
        lab.change(platform, secrets=renewed, interruption_allowed=True, probes=(fails,))
    assert (lost.value.code, lost.value.fix) == ("GW426", BY_HAND)
    assert lost.value.value.startswith("the replaced secret is not known here")
    assert lab.startup()["psk"] == PSK
    assert not [line for line in lab.lines() if "<hidden>" in line]
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.change(platform, secrets=renewed, interruption_allowed=True).ending is Ending.CONFIRMED


@timers
def test_a_session_that_dies_in_mid_push_is_taken_back_by_a_new_one(lab, timed):
    def die(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.simulator.drop_sessions()

    lab.box.on_line = die
    started = time.monotonic()
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2", "log": "3"}, timed=timed))
    assert error.code == "GW402"
    assert time.monotonic() - started < 5  # noticed at once, neither netmiko's nor the device's timer was waited for


@timers
def test_power_lost_in_mid_push_leaves_the_saved_state(lab, timed):
    def lose(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.power_cycle(10.0)

    lab.box.on_line = lose
    assert reverted(lab, BoxPlatform({"ntp": "1", "route": "2"}, timed=timed)).code == "GW402"


@timers
def test_a_device_that_does_not_come_back_is_lost_for_now_and_found_again_by_the_next_run(lab, timed):
    def lose(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.power_cycle(1e9)

    lab.box.on_line = lose
    platform = BoxPlatform(WANTED, timed=timed)
    with pytest.raises(DeviceError) as lost:
        lab.change(platform)
    assert lost.value.facts[:2] == ("GW426", "box-k.undo")
    assert lost.value.value.startswith("does not answer")
    assert lost.value.fix == (BY_TIMER if timed else BY_HAND)
    assert lab.record.read().pending is not None
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.change(platform).ending is Ending.CONFIRMED


def test_without_a_timer_a_box_that_locked_us_out_comes_back_by_its_power_switch(lab):
    with pytest.raises(DeviceError) as lost:
        lab.change(BoxPlatform({"allow": "192.168.0.0/24"}, timed=False))
    assert (lost.value.code, lost.value.fix) == ("GW426", BY_HAND)
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.running() == STARTUP


@timers
def test_a_key_pressed_at_the_keyboard_takes_the_change_back(lab, timed):
    def press(line: str) -> None:
        lab.said.append(line)
        if line.endswith(": probe"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change_device(lab.request(BoxPlatform(WANTED, timed=timed)), lab.record, press)
    assert lab.running() == lab.startup() == STARTUP
    assert lab.record.read().pending is None


class StubbornPlatform(BoxPlatform):
    """Says that it went back, and did not."""

    def transaction(self):
        transaction = super().transaction()
        transaction.undo = lambda *_: None
        return transaction


@timers
def test_a_device_that_only_says_that_it_went_back_is_not_believed(lab, timed):
    with pytest.raises(DeviceError) as lost:
        lab.change(StubbornPlatform({"ntp": "1"}, timed=timed), probes=(fails,), pace=replace(PACE, back_s=0.5))
    assert not isinstance(lost.value, RevertedError)
    assert lost.value.facts == (
        "GW426",
        "box-k.undo",
        "answers, and is not as it was before; the change had failed: box-k.probes: dicom: no_answer [GW429]",
        DIFFERENT,
    )
    assert lab.record.read().pending is not None
