"""The promises of the change engine (docs/adr/0019), kept by every platform's every part.

Through netmiko and the engine, on a simulated box behind a real SSH port; what a box does on its own clock is let
happen at once. The rows stand in the platforms' own folders.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.devices.change.model import Ending
from gatekit.devices.change.request import UNFINISHED, RevertedError
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices import killed_controller
from tests.unit.gatekit.devices.safety import SPARE, Adds, Bench, bench, rows, side_by_side, wait_until

pytestmark = pytest.mark.peer

EVERY = [(name,) for name in rows()]
TIMED = [name for name, row in rows().items() if row.platform.undo is not None]
BEFORE, BEHIND = "before the planned lines", "behind them"
LIVES, DIES = "the open session lives", "the open session dies"


def ways_to_be_cut_off() -> Iterator[tuple[str, str, str, str]]:
    """Yield row, cut, where its lines stand, and what becomes of the session that sent them."""
    for name, row in rows().items():
        for cut in row.cuts:
            for place in (BEFORE, BEHIND) if name in TIMED else (BEHIND,):
                yield name, cut, place, LIVES
                yield name, cut, place, DIES


def cut_off(it: Bench, cut: str, place: str, session: str) -> DeviceError:
    """Return how the engine ends after a change that shuts it out."""
    lines = it.row.cuts[cut].lines
    if session == DIES:
        it.when["log in again"] = it.simulator.drop_sessions
    if it.row.platform.undo is not None:
        it.when["going back"] = lambda: it.skip_s(it.row.undo_after_s)
    adds = Adds(it.row.platform, before=lines) if place == BEFORE else Adds(it.row.platform, behind=lines)
    with pytest.raises(DeviceError) as ended:
        it.change(adds)
    return ended.value


def test_a_hundred_ways_to_be_cut_off_are_tried_where_the_device_has_a_timer() -> None:
    assert len([way for way in ways_to_be_cut_off() if way[0] in TIMED]) >= 100


def test_a_change_that_cuts_its_own_management_comes_back_by_itself(subtests, tmp_path: Path) -> None:
    """Without a timer the inverse goes over the open session; where none is left somebody cuts the power."""

    def act(name: str, cut: str, place: str, session: str) -> None:
        with bench(name, tmp_path / f"{name} {cut} {place} {session}") as it:
            ended = cut_off(it, cut, place, session)
            if name in TIMED or (session == LIVES and not it.row.cuts[cut].ends_sessions):
                assert isinstance(ended, RevertedError), ended
            else:
                assert ended.code == "GW426"
                it.power_cycle()
            assert it.state() == it.before

    side_by_side(subtests, ways_to_be_cut_off(), act)


def test_a_refused_line_in_the_middle_leaves_the_device_as_it_was(subtests, tmp_path: Path) -> None:
    def act(name: str) -> None:
        with bench(name, tmp_path / name) as it:
            with pytest.raises(RevertedError) as reverted:
                it.change(Adds(it.row.platform, behind=(it.row.refused, "never sent")))
            assert reverted.value.code == "GW422"
            assert str(reverted.value.value).startswith(it.row.refused)
            assert it.state() == it.before

    side_by_side(subtests, EVERY, act)


def test_a_killed_controller_leaves_the_device_as_it_was(subtests, tmp_path: Path) -> None:
    """After the timer; where there is none after a power cycle, which the next run asks for."""

    def act(name: str) -> None:
        active = tmp_path / f"{name} is active"
        with bench(name, tmp_path / name) as it:
            controller = killed_controller.start(name, it.simulator.login(), tmp_path / name, active)
            wait_until(lambda: active.exists() or not controller.is_alive())
            controller.kill()
            controller.join()
            assert controller.exitcode == -9
            assert it.state() != it.before
            if name in TIMED:
                it.skip_s(it.row.undo_after_s)
                it.until_powered()
            else:
                with pytest.raises(DeviceError) as refused:
                    it.change()
                assert (refused.value.code, refused.value.fix) == ("GW413", UNFINISHED)
                it.power_cycle()
            assert it.state() == it.before

    side_by_side(subtests, EVERY, act)


def test_what_a_second_admin_has_not_committed_is_refused_and_left_alone(subtests, tmp_path: Path) -> None:
    def act(name: str) -> None:
        with bench(name, tmp_path / name) as it:
            it.do(it.row.edits)
            edited = it.state()
            with pytest.raises(DeviceError) as refused:
                it.change()
            assert refused.value.code == "GW413"
            assert it.state() == edited

    side_by_side(subtests, EVERY, act)


def test_a_live_state_that_moved_since_the_plan_is_refused(subtests, tmp_path: Path) -> None:
    def act(name: str) -> None:
        with bench(name, tmp_path / name) as it:
            predicted = it.change(check=True)
            assert (predicted.ending, it.state()) == (Ending.PREDICTED, it.before)
            it.do(it.row.saves)
            moved = it.state()
            assert moved != it.before
            with pytest.raises(DeviceError) as refused:
                it.change(seen=predicted.before.fingerprint)
            assert refused.value.code == "GW428"
            assert it.state() == moved

    side_by_side(subtests, EVERY, act)


def test_a_kept_change_survives_a_loss_of_power_and_no_secret_is_in_any_text(
    subtests, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A refused line that bears a secret included."""
    caplog.set_level(logging.DEBUG)
    unseen: set[str] = set()

    def act(name: str) -> None:
        with bench(name, tmp_path / name) as it:
            it.record.path.unlink()  # an unknown device: every secret is sent
            wrong = "frobnicate <secret spare_word>"
            with pytest.raises(RevertedError) as reverted:
                it.change(Adds(it.row.platform, behind=(wrong,)))
            assert (reverted.value.code, reverted.value.value) == ("GW422", wrong)
            kept = it.change()
            it.power_cycle()
            again = it.change()
            assert (kept.ending, again.ending) == (Ending.CONFIRMED, Ending.UNCHANGED)
            login = it.simulator.login()
            secrets = (*it.row.secrets.values(), str(login.password), SPARE)
            unseen.update(secrets)
            said = [str(reverted.value), repr(reverted.value.outcome), repr(kept), repr(again), *it.said]
            said += [it.record.path.read_text(encoding="utf-8"), repr(login)]
            assert [(secret, text) for text in said for secret in (*secrets, *it.row.unseen) if secret in text] == []

    side_by_side(subtests, EVERY, act)
    logged = "\n".join([caplog.text, *capfd.readouterr()])
    assert [secret for secret in unseen if secret in logged] == []
