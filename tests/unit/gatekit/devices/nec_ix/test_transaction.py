"""The whole way on a simulated box: netmiko, SSH, the change engine; and every trap of vendor reference 4."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.access import Access
from gatekit.devices.change.engine import change_device
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Ending, Outcome, ProbeResult
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest, RevertedError
from gatekit.devices.change.way_back import Pace
from gatekit.devices.nec_ix import PLATFORM, NecIx
from gatekit.devices.nec_ix.text import settled
from gatekit.errors import DeviceError
from gatekit.simulators import Simulator
from gatekit.simulators.nec_ix import NecIx as Box
from tests.unit.gatekit.simulators.client import read_until, shell
from tests.unit.gatekit.simulators.nec_ix.boxes import PASSWORD, SECRETS, bare_box, part, settled_box

pytestmark = pytest.mark.peer
PACE = Pace(retry_s=0.1, login_s=3.0, back_s=4.0)


@dataclass
class Lab:
    box: Box
    simulator: Simulator
    record: DeviceRecord
    said: list[str]

    def change(self, platform: NecIx = PLATFORM, **conditions: Any) -> Outcome:
        wanted = {"secrets": SECRETS, "plan_sha256": "0" * 64, "pace": PACE, "interruption_allowed": True, **conditions}
        request = ChangeRequest(platform=platform, login=self.simulator.login(), part=part(), **wanted)
        return change_device(request, self.record, self.said.append)

    def running(self) -> str:
        return self.simulator.run(lambda: settled(self.box.running_text()))

    def startup(self) -> str:
        return self.simulator.run(lambda: settled(self.box.startup.text(keys_in_clear=True)))

    def means_the_plan(self) -> bool:
        return PLATFORM.meaning(self.running(), part()) == meaning_of(part())

    def power_cycle(self) -> None:
        """Off and on, and back when it answers."""
        self.simulator.power_cycle(30.0)
        ends_at = time.monotonic() + 5.0
        while not self.simulator.run(lambda: self.box.powered) and time.monotonic() < ends_at:
            time.sleep(0.02)

    def drift(self, *lines: str) -> None:
        """Let both configurations differ from the plan, as a colleague's saved change does."""

        def act() -> None:
            for line in lines:
                self.box.running.take(line)
            self.box.startup = self.box.running.copy()

        self.simulator.run(act)


@contextmanager
def lab(box: Box, folder: Path, **link: Any) -> Iterator[Lab]:
    with Simulator(box, **link) as simulator:
        yield Lab(box, simulator, DeviceRecord(folder, "cpe_main", "key-of-the-vault"), [])


DRIFT = (
    "no ip route 10.200.0.0/16 Null0.0",
    "ip route 10.77.0.0/16 10.161.252.10",
    "no ip access-list lan-in permit ip src 10.161.2.0/24 dest 10.200.0.0/16",
    "no ip access-list mgmt-src permit ip src 10.161.2.30/32 dest any",
    "ip access-list mgmt-src permit ip src 10.161.2.31/32 dest any",
    "hostname somebody",
)


def test_a_box_from_the_office_is_staged_and_survives_a_power_cut(tmp_path) -> None:
    with lab(bare_box(), tmp_path) as it:
        assert it.change().ending is Ending.CONFIRMED
        it.power_cycle()
        assert it.change().ending is Ending.UNCHANGED
        assert it.means_the_plan()


def test_a_second_run_finds_nothing_to_do_and_check_sends_nothing(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it:
        assert it.change().ending is Ending.CONFIRMED  # first contact: whose secrets stand there is not known
        assert it.change().ending is Ending.UNCHANGED
        it.drift(*DRIFT)
        before = it.running()
        predicted = it.change(check=True)
        assert (predicted.ending, it.running()) == (Ending.PREDICTED, before)
        done = it.change()
        assert done.change_set == predicted.change_set
        assert it.means_the_plan()


def test_what_no_evidence_confirms_comes_back(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it:
        it.change()
        it.drift(*DRIFT)
        before = it.running()
        with pytest.raises(RevertedError) as reverted:
            it.change(probes=(lambda: ProbeResult(name="tunnel", passed=False, found="no answer"),))
        assert reverted.value.code == "GW429"
        assert it.running() == before
        assert it.startup() == it.running()


@pytest.mark.parametrize("clear", [True, False])
def test_a_renewed_key_is_sent_and_only_a_restart_brings_the_former_one_back(tmp_path, clear: bool) -> None:
    with lab(settled_box(keys_in_clear=clear), tmp_path) as it:
        it.change()
        renewed = {**SECRETS, "vpn_psk": "another-key-of-both-ends"}
        before = it.simulator.run(lambda: it.box.running.text(keys_in_clear=True))
        failing = (lambda: ProbeResult(name="tunnel", passed=False, found="down"),)
        with pytest.raises(RevertedError):
            it.change(secrets=renewed, probes=failing)
        assert it.simulator.run(lambda: it.box.running.text(keys_in_clear=True)) == before
        assert it.change(secrets=renewed).ending is Ending.CONFIRMED
        assert "another-key-of-both-ends" in it.simulator.run(lambda: it.box.startup.text(keys_in_clear=True))


def test_a_session_that_drops_in_mid_push_is_taken_back_on_a_new_one(tmp_path) -> None:
    class Drops(NecIx):
        def transaction(self) -> Any:
            inner = super().transaction()
            push = inner.push

            def half(session: Any, change_set: ChangeSet) -> None:
                push(session, change_set.model_copy(update={"forward": change_set.forward[:1]}))
                it.simulator.drop_sessions()
                push(session, change_set)

            inner.push = half
            return inner

    with lab(settled_box(), tmp_path) as it:
        it.change()
        it.drift(*DRIFT)
        before = it.running()
        with pytest.raises(RevertedError) as reverted:
            it.change(Drops())
        assert reverted.value.code == "GW402"
        assert it.running() == before


def test_a_line_with_a_question_mark_is_refused_before_the_box_answers_it(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it:
        access = Access(PLATFORM, it.simulator.login(), part(), {})
        with access.visit() as session, pytest.raises(DeviceError) as refused:
            session.tell("hostname what?ever-it-is")
        assert refused.value.facts[:3] == ("GW422", "cpe.line", "a line with a question mark")
        assert "ever-it-is" not in repr(refused.value)


def test_our_own_dead_session_is_interrupted_and_nobody_elses(tmp_path) -> None:
    with lab(settled_box(keeps_dead_sessions=True), tmp_path) as it:
        access = Access(PLATFORM, it.simulator.login(), part(), SECRETS)
        transaction, change_set = PLATFORM.transaction(), ChangeSet(forward=("ip route 10.78.0.0/16 10.161.252.10",))
        before, first = it.running(), access.open()
        transaction.arm(first, 60)
        transaction.push(first, change_set)
        it.simulator.drop_sessions()
        second = access.open()
        with pytest.raises(DeviceError) as occupied:
            PLATFORM.observe(second, part())
        assert occupied.value.code == "GW413"
        transaction.undo(second, change_set)
        assert (it.running(), it.box.interrupted) == (before, 1)
        second.close()


def test_a_colleague_who_configures_is_not_thrown_out(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it, shell(it.simulator) as colleague:
        read_until(colleague, "cpe-minami-a# ")
        colleague.send(b"enable-config\n")
        read_until(colleague, "(config)# ")
        with pytest.raises(DeviceError) as refused:
            it.change()
        assert refused.value.facts[:3] == (
            "GW413",
            "cpe-minami-a.configuration",
            "% CONFIG process is occupied.",
        )
        colleague.send(b"hostname still-mine\n")
        assert "still-mine(config)# " in read_until(colleague, "(config)# ")
        assert it.box.interrupted == 0


def test_the_way_in_alone_disturbs_nobody(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it, shell(it.simulator) as colleague:
        read_until(colleague, "cpe-minami-a# ")
        colleague.send(b"enable-config\n")
        read_until(colleague, "(config)# ")
        with Access(PLATFORM, it.simulator.login(), part(), SECRETS).visit() as session:
            assert session.connection.base_prompt == "cpe-minami-a"
        assert it.simulator.run(lambda: it.box.configuring is not None and it.box.interrupted == 0)


def test_arm_refuses_an_unsaved_change_and_gives_the_mode_back(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it:
        with Access(PLATFORM, it.simulator.login(), part(), SECRETS).visit() as session:
            it.simulator.run(lambda: it.box.running.take("ip route 10.77.0.0/16 10.161.252.10"))
            with pytest.raises(DeviceError) as refused:
                PLATFORM.transaction().arm(session, 60)
        assert refused.value.facts[:2] == ("GW413", "cpe-minami-a.startup")
        assert it.simulator.run(lambda: it.box.configuring) is None


def test_a_monitor_is_told_to_use_an_administrator(tmp_path) -> None:
    box = settled_box()
    box.startup.take(f"username gwops password plain 1 {PASSWORD} monitor")
    box.boot()
    with lab(box, tmp_path) as it, pytest.raises(DeviceError) as refused:
        it.change()
    assert refused.value.facts[:2] == ("GW404", "cpe-minami-a.configuration")


def test_slow_and_chunked_output_is_read_whole(tmp_path) -> None:
    box = settled_box()
    with lab(box, tmp_path, chunk_bytes=37, delay_s=0.001) as it:
        with Access(PLATFORM, it.simulator.login(), part(), SECRETS).visit() as session:
            found = PLATFORM.observe(session, part())
        assert (found.running, found.startup) == (it.running(), it.startup())
        assert (found.version, found.model) == ("10.11.9", "IX2106")


def test_two_reads_of_one_state_are_equal_though_the_header_changes(tmp_path) -> None:
    with lab(settled_box(), tmp_path) as it:
        with Access(PLATFORM, it.simulator.login(), part(), SECRETS).visit() as session:
            first, second = (PLATFORM.observe(session, part()) for _ in range(2))
        assert first == second


def test_a_line_longer_than_eighty_columns_is_sent_and_read(tmp_path) -> None:
    long = "ip access-list dc-in permit tcp src 10.200.9.128/25 sport any dest 10.161.252.9/32 dport eq 22"
    with lab(settled_box(), tmp_path) as it:
        with Access(PLATFORM, it.simulator.login(), part(), SECRETS).visit() as session:
            transaction = PLATFORM.transaction()
            transaction.arm(session, 60)
            transaction.push(session, ChangeSet(forward=(long,)))
            transaction.activate(session)
        assert long in it.running()
