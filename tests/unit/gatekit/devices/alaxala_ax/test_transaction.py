"""The whole way on a simulated AX: netmiko, SSH, the change engine, and the traps of vendor reference 7.2."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.alaxala_ax import PLATFORM, AlaxalaAx
from gatekit.devices.alaxala_ax.reading import settled
from gatekit.devices.change.access import Access
from gatekit.devices.change.engine import change_device
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Ending, Outcome, ProbeResult
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest, RevertedError
from gatekit.devices.change.way_back import Pace
from gatekit.errors import DeviceError
from gatekit.simulators import Simulator
from gatekit.simulators.alaxala_ax import AlaxalaAx as Switch
from tests.unit.gatekit.simulators.alaxala_ax.switches import OURS, PASSWORD, configuration, plan, switch

pytestmark = pytest.mark.peer
PACE = Pace(retry_s=0.1, login_s=3.0, back_s=4.0)


@dataclass
class Lab:
    switch: Switch
    simulator: Simulator
    record: DeviceRecord

    def change(self, platform: AlaxalaAx = PLATFORM, **conditions: Any) -> Outcome:
        wanted = {"secrets": {}, "plan_sha256": "0" * 64, "pace": PACE, **conditions}
        request = ChangeRequest(platform=platform, login=self.simulator.login(), part=plan(), **wanted)
        return change_device(request, self.record)

    def running(self) -> str:
        return self.simulator.run(self.switch.running_text)

    def startup(self) -> str:
        return self.simulator.run(self.switch.startup.text)

    def power_cycle(self) -> None:
        self.simulator.power_cycle(30.0)
        ends_at = time.monotonic() + 5.0
        while not self.simulator.run(lambda: self.switch.powered) and time.monotonic() < ends_at:
            time.sleep(0.02)


@contextmanager
def lab(box: Switch, folder: Path, **link: Any) -> Iterator[Lab]:
    with Simulator(box, **link) as simulator:
        yield Lab(box, simulator, DeviceRecord(folder, "l3_switch", "key-of-the-vault"))


HABITS: dict[str, dict[str, Any]] = {
    "plain": {},
    "events in between": {"noisy": True},
    "a password for enable": {"enable_password": PASSWORD},
    "a question before saving": {"asks_before_save": True},
}


@pytest.mark.parametrize("habit", HABITS)
def test_nw_4_the_route_is_kept_and_survives_a_power_cut(tmp_path, habit: str) -> None:
    with lab(switch(**HABITS[habit]), tmp_path) as it:
        assert it.change().ending is Ending.CONFIRMED
        it.power_cycle()
        assert it.change().ending is Ending.UNCHANGED
        assert it.running() == configuration(OURS).text()
        assert PLATFORM.meaning(settled(it.running()), plan()) == meaning_of(plan())


def test_the_exit_question_is_answered_so_that_the_change_stays_running(tmp_path) -> None:
    with lab(switch(), tmp_path) as it:
        access = Access(PLATFORM, it.simulator.login(), plan(), {})
        transaction = PLATFORM.transaction()
        with access.visit() as session:
            transaction.arm(session, 60)
            transaction.push(session, ChangeSet(forward=(OURS,)))
            transaction.activate(session)
            found = PLATFORM.observe(session, plan())
        assert (OURS in found.running, OURS in (found.startup or "")) == (True, False)
        with access.visit() as session:  # the new session's prompt begins with `!`
            transaction.keep(session)
        assert OURS in it.startup()


def test_what_no_evidence_confirms_comes_back_and_nothing_is_saved(tmp_path) -> None:
    with lab(switch(), tmp_path) as it:
        before = it.running()
        with pytest.raises(RevertedError) as reverted:
            it.change(probes=(lambda: ProbeResult(name="portal", passed=False, found="no answer"),))
        assert reverted.value.code == "GW429"
        assert (it.running(), it.startup()) == (before, before)
        assert it.change().ending is Ending.CONFIRMED  # the `!` that stayed is nobody's open edit


def test_a_session_that_drops_in_mid_push_is_taken_back_on_a_new_one(tmp_path) -> None:
    class Drops(AlaxalaAx):
        def transaction(self) -> Any:
            inner = super().transaction()
            push = inner.push

            def half(session: Any, change_set: ChangeSet) -> None:
                push(session, change_set)
                it.simulator.drop_sessions()
                push(session, change_set)

            inner.push = half
            return inner

    with lab(switch(), tmp_path) as it:
        before = it.running()
        with pytest.raises(RevertedError) as reverted:
            it.change(Drops())
        assert (reverted.value.code, it.running()) == ("GW402", before)


def test_arm_refuses_what_somebody_changed_after_the_look(tmp_path) -> None:
    with lab(switch(), tmp_path) as it:
        with Access(PLATFORM, it.simulator.login(), plan(), {}).visit() as session:
            PLATFORM.observe(session, plan())
            it.simulator.run(lambda: it.switch.running.take("ip route 172.21.0.0 255.255.0.0 192.168.20.254", None))
            with pytest.raises(DeviceError) as refused:
                PLATFORM.transaction().arm(session, 60)
        assert refused.value.facts[:2] == ("GW413", "ax3640-hosp.startup")


def test_an_account_that_may_not_enable_is_told_so(tmp_path) -> None:
    with lab(switch(enable_password="another-one"), tmp_path) as it, pytest.raises(DeviceError) as refused:
        it.change()
    assert refused.value.facts[:2] == ("GW404", "ax3640-hosp.enable")
    assert "another-one" not in str(refused.value)


def test_slow_and_chunked_output_is_read_whole(tmp_path) -> None:
    with lab(switch(), tmp_path, chunk_bytes=23, delay_s=0.001) as it:
        with Access(PLATFORM, it.simulator.login(), plan(), {}).visit() as session:
            found = PLATFORM.observe(session, plan())
        assert found.running == found.startup == settled(it.running())
        assert (found.version, found.model) == ("11.14.S", "AX3640S-24T")
