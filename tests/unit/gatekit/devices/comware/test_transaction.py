"""The traps of the commit delay (vendor reference 7.3; H3C, configuration commit delay)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.change.model import ChangeSet, Ending
from gatekit.devices.change.record import Pending
from gatekit.devices.comware import PLATFORM
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS, lab, with_extra
from tests.unit.gatekit.simulators.comware.switches import OURS, configuration, switch

KIND = KINDS["comware"]
THEIRS = KIND.route("172.21.0.0/16", "192.168.20.254")
CHANGE = ChangeSet(forward=(OURS,), inverse=(f"undo {OURS}",))


def test_typed_again_the_timer_moves_and_the_rollback_point_stays() -> None:
    box = switch()
    before = box.running_text()
    box.start_delay(10)
    box.running.take(THEIRS, None)
    box.clock.advance(9 * 60)
    box.start_delay(10)
    box.running.take(OURS, None)
    box.clock.advance(9 * 60)
    assert box.running_text() == configuration(f"{THEIRS}\n{OURS}").text()
    box.clock.advance(60)
    assert box.running_text() == before


def test_it_is_one_shot() -> None:
    box = switch()
    box.start_delay(1)
    box.clock.advance(60)
    box.running.take(THEIRS, None)
    box.clock.advance(3600)
    assert box.running_text() == configuration(THEIRS).text()


def test_a_line_that_undo_does_not_take_as_it_is_stays_after_the_timer() -> None:
    """Why our line bears no description."""
    box = switch()
    box.start_delay(1)
    box.running.take(f"{OURS} description GW-APPLIANCE", None)
    box.running.take(THEIRS, None)
    box.clock.advance(60)
    assert box.running_text() == configuration(f"{OURS} description GW-APPLIANCE").text()


@pytest.mark.peer
def test_a_timer_that_somebody_forgot_does_not_take_his_saved_lines_with_ours(tmp_path: Path) -> None:
    """He armed, configured and saved without a commit: armed once more, the point would be the one before his lines."""
    with lab(KIND, tmp_path, switch()) as it, it.session() as session:
        it.simulator.run(lambda: it.switch.start_delay(60))
        it.type(THEIRS)
        it.simulator.run(it.switch.save)
        transaction = PLATFORM.transaction()
        transaction.arm(session, 60)
        transaction.push(session, CHANGE)
        assert it.running() == configuration(f"{THEIRS}\n{OURS}").text()
        it.simulator.run(it.switch.roll_back)
        assert it.running() == configuration(THEIRS).text()


@pytest.mark.peer
def test_the_timer_of_a_controller_that_died_is_waited_for(tmp_path: Path) -> None:
    """No command lists the timer: what is unsaved is taken for it while our record knows of a change under way."""
    with lab(KIND, tmp_path, switch(speed=20.0)) as it:
        it.record.begin(Pending(undo_after_s=60, fingerprint_before=""))
        it.simulator.run(lambda: it.switch.start_delay(1))
        it.type(OURS)
        assert it.change().ending is Ending.CONFIRMED
        assert it.running() == it.startup() == configuration(OURS).text()


@pytest.mark.peer
def test_what_only_the_box_sees_unsaved_is_refused(tmp_path: Path) -> None:
    """A changed password shows in no text of ours, where secrets are hidden."""
    with lab(KIND, tmp_path) as it, it.session() as session:
        it.type("password hash $h$6$another-hash", "local-user gwops class manage")
        found = PLATFORM.observe(session, KIND.plan)
        assert found.running == found.startup
        with pytest.raises(DeviceError) as refused:
            PLATFORM.transaction().arm(session, 60)
        assert refused.value.facts[:3] == ("GW413", "hosp-core.startup", "2 lines are not saved")


@pytest.mark.peer
def test_an_older_box_has_no_timer_and_is_changed_all_the_same(tmp_path: Path) -> None:
    with lab(KIND, tmp_path, switch(generation=5)) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        assert transaction.wait_for_timer_s(60) == 120.0
        transaction.arm(session, 60)
        assert transaction.wait_for_timer_s(60) == 0.0
        transaction.push(session, CHANGE)
        transaction.activate(session)
        assert it.running() == configuration(OURS).text()
        transaction.undo(session, CHANGE)
        assert it.running() == it.startup() == configuration().text()


@pytest.mark.peer
def test_an_older_box_that_was_cut_off_is_back_after_a_power_cycle(tmp_path: Path) -> None:
    with lab(KIND, tmp_path, switch(generation=5)) as it:
        before = it.running()
        with pytest.raises(DeviceError) as lost:
            it.change(with_extra(PLATFORM, "interface Vlan-interface10", "shutdown"))
        assert lost.value.code == "GW426"
        it.power_cycle()
        assert it.running() == before
        assert it.change().ending is Ending.CONFIRMED


@pytest.mark.peer
def test_undo_leaves_no_timer(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        transaction.arm(session, 60)
        assert it.simulator.run(lambda: it.switch.delay) is not None
        transaction.push(session, CHANGE)
        transaction.undo(session, CHANGE)
        assert it.simulator.run(lambda: it.switch.delay) is None
        transaction.undo(session, CHANGE)  # once more, with nothing left to do
        assert it.running() == configuration().text()


@pytest.mark.peer
def test_a_timer_that_was_faster_is_noticed_before_anything_is_saved(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        transaction.arm(session, 60)
        transaction.push(session, CHANGE)
        it.simulator.run(it.switch.roll_back)
        with pytest.raises(DeviceError) as late:
            transaction.keep(session)
        assert late.value.facts[:3] == ("GW429", "hosp-core.running", OURS)
        assert it.startup() == configuration().text()
