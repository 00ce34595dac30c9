"""A run that was killed leaves an undo timer behind; the next run waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from gatekit.portable import undo_timer
from gatekit.portable.errors import NodeError

TIMER_AND_UNDO = """
case "$1" in
  is-active) [ "$(grep -c is-active {calls})" -gt {ticks} ] && exit 3; exit 0 ;;
  show) [ "$(grep -c show {calls})" -gt {undoes} ] && echo inactive || echo activating ;;
esac
"""


def fake_systemctl(programs, *, ticks: int, undoes: int) -> None:
    calls = programs.folder / "calls"
    programs.add("systemctl", TIMER_AND_UNDO.format(calls=calls, ticks=ticks, undoes=undoes))


@pytest.fixture(autouse=True)
def short_poll(monkeypatch) -> None:
    monkeypatch.setattr(undo_timer, "_POLL_S", 0.01)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def test_the_next_run_goes_on_when_the_undo_has_removed_what_it_kept(programs, kept) -> None:
    calls = programs.folder / "calls"
    script = TIMER_AND_UNDO.format(calls=calls, ticks=3, undoes=2)
    programs.add("systemctl", f'[ "$(grep -c show {calls})" -gt 2 ] && rmdir {kept}\n{script}')
    undo_timer.await_end("gatekit-ways-undo", kept, "guarded_files.ways", undo_after_s=60)
    asked = [call.split()[1] for call in programs.calls]
    assert asked.count("is-active") > 3
    assert not kept.exists()


def test_nothing_is_asked_where_nothing_was_kept(programs, kept) -> None:
    fake_systemctl(programs, ticks=0, undoes=0)
    kept.rmdir()
    undo_timer.await_end("gatekit-ways-undo", kept, "guarded_files.ways", undo_after_s=60)
    assert programs.calls == []


def test_a_silent_timer_and_undo_are_not_waited_for_long(programs, kept, monkeypatch) -> None:
    monkeypatch.setattr(undo_timer, "_SILENCE_S", 0.05)
    fake_systemctl(programs, ticks=0, undoes=0)
    undo_timer.await_end("gatekit-ways-undo", kept, "guarded_files.ways", undo_after_s=60)
    assert kept.exists()


def test_a_timer_that_never_ends_is_an_error(programs, kept, monkeypatch) -> None:
    monkeypatch.setattr(undo_timer, "_UNDO_TAKES_S", 0)
    fake_systemctl(programs, ticks=10**6, undoes=0)
    with pytest.raises(NodeError) as caught:
        undo_timer.await_end("gatekit-ways-undo", kept, "guarded_files.ways", undo_after_s=0)
    fix = "Look at the timer on the host (systemctl status), then run again."
    assert caught.value.facts == ("GW413", "guarded_files.ways", "gatekit-ways-undo", fix)


class Waiter(Thread):
    """A run on the node; ``outcome`` is its error's facts, or that it had its turn."""

    def __init__(self, kept: Path, work: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.kept, self.work, self.outcome = kept, work, ("waits",)
        self.start()

    def run(self) -> None:
        try:
            with undo_timer.turn("gatekit-ways-undo", self.kept, "guarded_files.ways", undo_after_s=60):
                self.work()
                self.outcome = ("had its turn",)
        except NodeError as error:
            self.outcome = error.facts[:3]


def until(seen: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not seen():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.fixture
def timer(programs, kept) -> Path:
    """The timer runs as long as this file is there; nothing is kept without it."""
    running = kept.with_name("running")
    running.touch()
    programs.add("systemctl", f'case "$1" in is-active) [ -e {running} ] ;; show) echo inactive ;; esac')
    return running


def test_of_two_runs_that_wait_the_one_that_came_last_gets_its_turn(kept, timer) -> None:
    latest = kept.with_name("kept.latest")
    orphan = Waiter(kept)
    until(latest.exists)
    first = latest.read_text()
    alive = Waiter(kept)
    until(lambda: latest.read_text() not in ("", first))
    timer.unlink()
    kept.rmdir()
    orphan.join(10)
    alive.join(10)
    assert orphan.outcome == ("GW413", "guarded_files.ways", "a later run")
    assert alive.outcome == ("had its turn",)


def test_a_run_that_comes_while_another_arms_waits_for_its_timer_too(kept, timer) -> None:
    timer.unlink()
    kept.rmdir()
    arming, armed, later = Event(), Event(), []

    def arm() -> None:
        arming.set()
        armed.wait(10)
        kept.mkdir()
        timer.touch()

    first = Waiter(kept, arm)
    arming.wait(10)
    second = Waiter(kept, lambda: later.append(timer.exists()))
    time.sleep(0.1)
    armed.set()
    first.join(10)
    assert second.outcome == ("waits",)
    timer.unlink()
    kept.rmdir()
    second.join(10)
    assert (first.outcome, second.outcome, later) == (("had its turn",), ("had its turn",), [False])
