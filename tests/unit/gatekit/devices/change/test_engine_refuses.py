"""A change that is not begun, and why; on a small box behind a real SSH port."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending
from gatekit.devices.change.record import Pending
from gatekit.devices.change.request import CONSENT, EDITED, MOVED, OURS, UNFINISHED, UNSAVED
from gatekit.errors import DeviceError, IntentError
from tests.unit.gatekit.devices.change.box import BoxPlatform
from tests.unit.gatekit.devices.change.conftest import PACE
from tests.unit.gatekit.devices.change.wishes import WANTED, configured, timers

pytestmark = pytest.mark.peer


def test_a_change_that_interrupts_needs_consent(lab):
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, interrupts=True))
    assert refused.value.facts == ("GW408", "box-k", "interrupts routes", CONSENT)
    assert configured(lab) == []
    assert lab.change(BoxPlatform(WANTED, interrupts=True), interruption_allowed=True).ending is Ending.CONFIRMED


def test_a_second_admins_open_edit_is_refused_and_left_alone(lab):
    lab.box.editor = "suzuki"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.facts == ("GW413", "box-k", "suzuki is editing", EDITED)
    assert configured(lab) == []


def test_an_edit_that_begins_after_we_looked_is_refused_and_left_alone(lab):
    def begin(line: str) -> None:
        if line == "show startup":
            lab.box.editor = "suzuki"

    lab.box.on_line = begin
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert (refused.value.code, refused.value.value) == ("GW413", "suzuki is editing")
    assert configured(lab) == []
    assert lab.record.read().pending is None


@timers
def test_what_somebody_left_unsaved_is_not_saved_by_us(lab, timed):
    lab.box.running["theirs"] = "1"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, timed=timed))
    assert refused.value.facts == ("GW413", "box-k", "unsaved changes", UNSAVED)


def test_a_device_that_moved_since_the_plan_is_refused(lab):
    platform = BoxPlatform(WANTED)
    seen = lab.change(platform, check=True).before.fingerprint
    assert lab.change(BoxPlatform({"other": "1"}), seen=seen).ending is Ending.CONFIRMED
    with pytest.raises(DeviceError) as refused:
        lab.change(platform, seen=seen)
    assert (refused.value.code, refused.value.fix) == ("GW428", MOVED)


def test_a_missing_secret_is_named_before_anybody_logs_in(lab):
    with pytest.raises(IntentError) as refused:
        lab.change(BoxPlatform(WANTED), secrets={})
    assert refused.value.facts == ("GW107", "vault.vpn_psk", "missing", "Put vpn_psk into the vault.")
    assert lab.lines() == []


def test_a_wrong_password_is_gw401(lab):
    request = replace(lab.request(BoxPlatform(WANTED)), login=lab.simulator.login("wrong"))
    with pytest.raises(DeviceError) as refused:
        change_device(request, lab.record)
    assert refused.value.code == "GW401"


def test_another_host_key_is_gw416(lab, make_lab):
    mine, theirs = lab.simulator.known_hosts, make_lab().simulator.known_hosts
    mine.write_text(" ".join([mine.read_text().split()[0], *theirs.read_text().split()[1:]]) + "\n")
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW416"


def test_an_unknown_host_key_is_gw416(lab):
    lab.simulator.known_hosts.write_text("")
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW416"


def test_a_device_without_power_is_gw402(lab):
    lab.simulator.power_cycle(10_000)
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW402"


def test_what_a_platform_leaves_unfinished_names_our_own_change(lab):
    lab.change(BoxPlatform({"ntp": "1"}))
    lab.record.begin(pending())
    lab.box.running["route"] = "2"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, timed=False))
    assert refused.value.facts == ("GW413", "box-k", "unsaved changes", UNFINISHED)


def pending(ago_s: float = 0.0):
    return Pending(began_at=time.time() - ago_s, undo_after_s=600, fingerprint_before="0")


def test_an_edit_long_after_our_own_change_is_not_waited_for(lab):
    lab.record.begin(pending(ago_s=3600.0))
    lab.box.editor = "suzuki"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED), pace=replace(PACE, retry_s=60.0))
    assert refused.value.facts == ("GW413", "box-k", "suzuki is editing", OURS)
