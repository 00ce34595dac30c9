"""The traps of the automatic checkpoint (vendor reference 7.6; HPE's command reference)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.aos_cx import PLATFORM
from gatekit.devices.change.model import ChangeSet, Ending
from gatekit.devices.change.record import Pending
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS, lab
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, configuration, switch

pytestmark = pytest.mark.peer
KIND = KINDS["aos_cx"]
CHANGE = ChangeSet(forward=(OURS,), inverse=(f"no {OURS}",))


def test_somebody_elses_timer_is_seen(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it:
        it.simulator.run(lambda: it.switch.start_checkpoint(20))
        with pytest.raises(DeviceError) as refused:
            it.change()
        assert refused.value.facts[:3] == ("GW413", "cx-hosp", "Auto checkpoint mode expires in 20 minute(s)")


def test_somebody_elses_timer_that_began_after_the_look_is_left_alone(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        it.simulator.run(lambda: it.switch.start_checkpoint(20))
        with pytest.raises(DeviceError) as refused:
            PLATFORM.transaction().arm(session, 60)
        assert refused.value.facts[:2] == ("GW413", "cx-hosp.checkpoint")
        assert it.simulator.run(lambda: it.switch.timer) is not None


def test_the_timer_of_a_controller_that_died_is_waited_for(tmp_path: Path) -> None:
    with lab(KIND, tmp_path, switch(speed=60.0)) as it:
        it.record.begin(Pending(undo_after_s=60, fingerprint_before=""))
        it.simulator.run(lambda: it.switch.start_checkpoint(3))
        it.type(OURS)
        assert it.change().ending is Ending.CONFIRMED
        assert it.running() == it.startup() == configuration(OURS).text()


def test_the_warning_comes_into_the_session_and_disturbs_nothing(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        transaction.arm(session, 180)
        it.simulator.run(it.switch._warn)
        transaction.push(session, CHANGE)
        it.simulator.run(it.switch._warn)
        transaction.activate(session)
        found = PLATFORM.observe(session, KIND.plan)
        assert found.running == PLATFORM.reading.settled(configuration(OURS).text())
        it.simulator.run(it.switch._warn)
        assert PLATFORM.running(session) == found.running
        it.simulator.run(it.switch._warn)
        transaction.keep(session)
        assert it.startup() == configuration(OURS).text()


def test_undo_leaves_no_timer(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        transaction.arm(session, 60)
        assert it.simulator.run(lambda: it.switch.timer) is not None
        transaction.push(session, CHANGE)
        transaction.undo(session, CHANGE)
        assert it.simulator.run(lambda: it.switch.timer) is None
        transaction.undo(session, CHANGE)  # once more, with nothing left to do
        assert it.running() == configuration().text()


def test_a_timer_that_was_faster_is_noticed_before_anything_is_saved(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it, it.session() as session:
        transaction = PLATFORM.transaction()
        transaction.arm(session, 60)
        transaction.push(session, CHANGE)
        it.simulator.run(it.switch.restore)
        with pytest.raises(DeviceError) as late:
            transaction.keep(session)
        assert late.value.facts[:3] == ("GW429", "cx-hosp.running", OURS)
        assert it.startup() == configuration().text()


def test_a_kept_change_needs_no_confirmation_any_more(tmp_path: Path) -> None:
    with lab(KIND, tmp_path) as it:
        assert it.change().ending is Ending.CONFIRMED
        assert it.simulator.run(lambda: it.switch.timer) is None
        assert len(it.simulator.run(lambda: it.switch.checkpoints)) == 1
