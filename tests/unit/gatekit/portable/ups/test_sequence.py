"""The order of a shutdown, its times, and that nothing keeps it from its end; with a clock of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekit.portable.ups.journal import Journal
from gatekit.portable.ups.sequence import PAUSE_S, GuestDeafError, HostError, Machine, Sequence

ORDER_S = 15.0
MACHINES = (Machine("vm3", 120.0), Machine("vm1", 100.0))


class FakeClock:
    def __init__(self) -> None:
        self.passed_s = 0.0

    def now_s(self) -> float:
        return 5000.0 + self.passed_s

    def date(self) -> str:
        return "2026-11-23T01:02:03Z"

    def sleep(self, seconds: float) -> None:
        self.passed_s += seconds


class FakeHost:
    """Machines that stop so many seconds after they were asked; None: never. ``fault`` may raise before any call."""

    def __init__(self, clock: FakeClock, **stop_s: float | None) -> None:
        self.clock, self.stop_s = clock, stop_s
        self.running = dict.fromkeys(stop_s, True)
        self.asked: dict[str, float] = {}
        self.calls: list[tuple[float, str]] = []
        self.fault: Callable[[str], None] = lambda _: None
        self.logins = 0

    def login(self) -> FakeHost:
        self.logins += 1
        self._called("login")
        return self

    def is_running(self, machine: str) -> bool:
        self.fault("look")
        wait_s = self.stop_s.get(machine)
        if machine in self.asked and wait_s is not None and self.clock.passed_s - self.asked[machine] >= wait_s:
            self.running[machine] = False
        return self.running.get(machine, False)

    def ask_guest(self, machine: str) -> None:
        self._called(f"ask {machine}")
        self.asked[machine] = self.clock.passed_s

    def switch_off(self, machine: str) -> None:
        self._called(f"switch off {machine}")
        self.running[machine] = False

    def shut_down(self) -> None:
        self._called("shut down host")

    def _called(self, what: str) -> None:
        self.calls.append((self.clock.passed_s, what))
        self.fault(what)

    def did(self) -> list[str]:
        return [what for _, what in self.calls if what != "login"]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def stop(host: FakeHost, clock: FakeClock, path: Path) -> list[tuple[str, str]]:
    """Run the whole sequence; return what the journal says, without times."""
    sequence = Sequence(host.login, Journal(path / "journal.jsonl", clock), clock, ORDER_S)
    sequence.stop_machines(MACHINES)
    sequence.stop_host()
    return [(row["what"], row["event"]) for row in rows(path)]


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (path / "journal.jsonl").read_text().splitlines()]


def test_ap_5_one_machine_after_the_other_then_the_host(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm1=20.0, vm2=None, vm3=30.0)
    said = stop(host, clock, tmp_path)
    assert host.calls == [(0.0, "login"), (0.0, "ask vm3"), (30.0, "ask vm1"), (50.0, "shut down host")]
    assert said == [
        ("vm3", "is asked to shut down"),
        ("vm3", "is off"),
        ("vm1", "is asked to shut down"),
        ("vm1", "is off"),
        ("host", "is told to shut down"),
        ("host", "has taken it"),
    ]
    assert host.running["vm2"]  # our own machine is left to the host and to systemd


def test_ap_5_a_guest_that_hangs_loses_its_power_when_its_time_is_over(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm1=5.0, vm3=None)
    said = stop(host, clock, tmp_path)
    assert host.did() == ["ask vm3", "switch off vm3", "ask vm1", "shut down host"]
    assert ("vm3", "did not stop in time") in said
    assert ("vm3", "is switched off") in said
    assert (120.0, "switch off vm3") in host.calls


def test_ap_5_a_guest_without_tools_is_given_its_time_to_stop_by_itself(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm1=5.0, vm3=0.0)

    def deaf(what: str) -> None:
        if what == "ask vm1":
            raise GuestDeafError("ToolsUnavailable")
        if what == "look" and clock.passed_s > 60.0:
            host.running["vm1"] = False  # it heard of the UPS itself

    host.fault = deaf
    said = stop(host, clock, tmp_path)
    assert ("vm1", "ToolsUnavailable") in said
    assert ("vm1", "is off") in said
    assert said.count(("vm1", "ToolsUnavailable")) == 1
    assert "switch off vm1" not in host.did()
    assert host.logins == 1


def test_ap_5_a_machine_that_is_off_or_not_there_is_left_alone(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm3=0.0)
    host.running["vm3"] = False
    stop(host, clock, tmp_path)
    assert host.did() == ["shut down host"]
    assert clock.passed_s == 0.0


def test_ap_5_a_second_run_asks_again_only_what_still_runs(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm1=20.0, vm3=30.0)
    stop(host, clock, tmp_path)
    host.calls.clear()
    stop(host, clock, tmp_path)
    assert host.did() == ["shut down host"]


@pytest.mark.parametrize("refused", ["login", "look"])
def test_ap_5_a_host_that_refuses_everything_costs_its_time_and_no_more(
    refused: str, clock: FakeClock, tmp_path: Path
) -> None:
    host = FakeHost(clock, vm1=1.0, vm3=1.0)

    def refuse(what: str) -> None:
        if what in {refused, "shut down host"}:
            raise HostError("InvalidLogin")

    host.fault = refuse
    said = stop(host, clock, tmp_path)
    whole_s = sum(machine.stop_s + ORDER_S for machine in MACHINES) + ORDER_S
    assert whole_s - 5 * PAUSE_S <= clock.passed_s <= whole_s
    assert said[-1] == ("host", "does not shut down")
    assert ("vm1", "could not be switched off") in said
    assert said.count(("vm3", "InvalidLogin")) == 2  # once while it is asked, once while it is switched off


def test_ap_5_a_session_that_breaks_is_opened_again_and_the_order_is_kept(clock: FakeClock, tmp_path: Path) -> None:
    host = FakeHost(clock, vm1=10.0, vm3=10.0)
    broken: list[str] = []

    def once(what: str) -> None:
        if what in {"ask vm3", "ask vm1", "shut down host"} and what not in broken:
            broken.append(what)
            raise HostError("ConnectionResetError")

    host.fault = once
    said = stop(host, clock, tmp_path)
    assert host.did() == ["ask vm3", "ask vm3", "ask vm1", "ask vm1", "shut down host", "shut down host"]
    assert host.logins == 4
    assert said[-1] == ("host", "has taken it")


def test_a_journal_that_cannot_be_written_stops_nothing(clock: FakeClock, tmp_path: Path, capsys) -> None:
    host = FakeHost(clock, vm1=0.0, vm3=0.0)
    sequence = Sequence(host.login, Journal(tmp_path / "no folder" / "journal.jsonl", clock), clock, ORDER_S)
    sequence.stop_machines(MACHINES)
    sequence.stop_host()
    assert host.did() == ["ask vm3", "ask vm1", "shut down host"]
    assert "journal: FileNotFoundError" in capsys.readouterr().out


def test_the_journal_says_when(clock: FakeClock, tmp_path: Path) -> None:
    stop(FakeHost(clock, vm1=20.0, vm3=30.0), clock, tmp_path)
    assert [(row["after_s"], row["at"]) for row in rows(tmp_path)][-1] == (50.0, "2026-11-23T01:02:03Z")
