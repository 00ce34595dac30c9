"""The steps of one change on a simulated box, two sessions at once; what ends in which state."""

from __future__ import annotations

import pytest

from gatekit.devices.change.model import ChangeSet
from gatekit.devices.junos import PLATFORM
from gatekit.devices.junos.exchange import ask
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.junos.lab import RIGHT_MSS, wait_for
from tests.unit.gatekit.simulators.junos.boxes import logged_in

pytestmark = pytest.mark.peer


def test_nobody_else_can_confirm_or_edit_while_our_change_waits_for_its_evidence(lab):
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as other:
        change = PLATFORM.transaction()
        change.arm(session, 6000)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        ask(other, "configure")
        assert "configuration database locked by" in ask(other, "commit check")
        assert lab.pending()
        change.undo(session, ChangeSet())
        assert "mss 1460" in lab.running()
        assert not lab.pending()


def test_looking_at_a_box_inside_the_window_confirms_nothing(lab):
    """`commit check` inside the window would; a drift report or a second play must not send it."""
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as other:
        change = PLATFORM.transaction()
        change.arm(session, 6000)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        found = PLATFORM.observe(other, lab.part)
        assert change.token in (found.open_edit or "")
        assert lab.pending()
        change.undo(other, ChangeSet())
        assert PLATFORM.observe(other, lab.part).open_edit is None
    assert "mss 1460" in lab.running()


def test_a_kept_change_leaves_nothing_pending_and_no_lock(lab):
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as second:
        change = PLATFORM.transaction()
        change.arm(session, 60)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        change.keep(second)
        assert not lab.pending()
        assert lab.simulator.run(lambda: lab.device.commits.editors) == []
        assert PLATFORM.observe(session, lab.part).open_edit is None
    assert "mss 1334" in lab.running()


def test_keeping_is_refused_when_the_timer_was_faster(lab):
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as second:
        change = PLATFORM.transaction()
        change.arm(session, 60)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        wait_for(lambda: not lab.pending(), 4.0)
        with pytest.raises(DeviceError) as refused:
            change.keep(second)
        assert refused.value.facts[:2] == ("GW428", "firewall.commit")
        change.undo(second, ChangeSet())
    assert "mss 1460" in lab.running()


def test_a_change_that_somebody_confirmed_is_taken_back_all_the_same(lab):
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as other:
        change = PLATFORM.transaction()
        change.arm(session, 6000)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        lab.simulator.run(lab.device.commits.check)
        assert not lab.pending()
        change.undo(other, ChangeSet())
    assert "mss 1460" in lab.running()


def test_what_somebody_committed_after_us_is_not_taken_back(lab):
    with logged_in(lab.simulator) as session, logged_in(lab.simulator) as other:
        change = PLATFORM.transaction()
        change.arm(session, 6000)
        change.push(session, RIGHT_MSS)
        change.activate(session)
        change._release(other)
        ask(other, "configure")
        ask(other, "set snmp location cellar")
        ask(other, "commit")
        ask(other, "exit")
        with pytest.raises(DeviceError) as refused:
            change.undo(other, ChangeSet())
        assert refused.value.facts[:2] == ("GW413", "firewall.commit")
    assert "location cellar" in lab.running()
