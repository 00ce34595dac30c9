from __future__ import annotations

import socket
import time

import pytest

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import ProbeResult
from gatekit.devices.change.probing import (
    answers,
    connects,
    gather,
    lets_us_in,
    require_ways,
    ways_that_work,
    working,
)
from gatekit.errors import DeviceError, VerifyError
from tests.unit.gatekit.devices.change.box import BoxPlatform

QUESTION = {"op": "tcp", "address": "10.200.1.10", "port": 443, "timeout_s": 3}


def test_the_controllers_own_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert connects("portal", "127.0.0.1", port)() == ProbeResult(name="portal", passed=True, found="accepted")
    refused = ProbeResult(name="portal", passed=False, found="ConnectionRefusedError")
    assert connects("portal", "127.0.0.1", port)() == refused


@pytest.mark.parametrize(
    ("outcome", "expected", "passed"),
    [
        ("accepted", {"accepted"}, True),
        ("no_answer", {"accepted"}, False),
        ("no_answer", {"no_answer", "unreachable"}, True),
        ("accepted", {"no_answer", "unreachable"}, False),
    ],
)
def test_another_host_is_asked_and_its_word_compared(outcome, expected, passed):
    asked = []

    def ask(job):
        asked.append(job)
        return {"results": {"pacs to portal": {"outcome": outcome, "detail": ""}}}

    result = answers("pacs to portal", ask, QUESTION, frozenset(expected))()
    assert result == ProbeResult(name="pacs to portal", passed=passed, found=outcome)
    assert asked == [{"operations": [{**QUESTION, "id": "pacs to portal"}]}]


def test_a_host_that_cannot_be_asked_is_no_proof():
    def ask(job):
        raise VerifyError("GW601", "probes.pacs", "no route", "Check that the host is up.")

    result = answers("pacs", ask, QUESTION, frozenset({"no_answer"}))()
    assert (result.passed, result.found.startswith("not asked: ")) == (False, True)


def test_probes_are_asked_side_by_side_and_answer_in_order():
    def probe(number: int):
        def ask() -> ProbeResult:
            time.sleep(0.1)
            return ProbeResult(name=str(number), passed=True, found="")

        return ask

    started = time.monotonic()
    assert [result.name for result in gather(probe(number) for number in range(8))] == [*"01234567"]
    assert time.monotonic() - started < 0.5


@pytest.mark.peer
def test_one_more_login_on_the_device(lab):
    access = Access(BoxPlatform(), lab.simulator.login(), lab.part, {})
    assert lets_us_in("login", access)() == ProbeResult(name="login", passed=True, found="1")
    lab.simulator.power_cycle(1e6)
    assert lets_us_in("login", access)() == ProbeResult(name="login", passed=False, found="GW402")


def row(name: str, *, passed: bool) -> ProbeResult:
    return ProbeResult(name=name, passed=passed, found="accepted" if passed else "no_answer")


def test_a_probe_that_fails_is_asked_again_until_the_time_is_over():
    waiting = iter((False, False, True))
    assert gather([lambda: row("tunnel", passed=next(waiting))], 5.0, 0.01) == (row("tunnel", passed=True),)
    began = time.monotonic()
    assert gather([lambda: row("tunnel", passed=False)], 0.2, 0.05) == (row("tunnel", passed=False),)
    assert time.monotonic() - began < 2


def test_only_what_works_before_a_change_is_asked_after_it():
    probes = {name: (lambda name=name: row(name, passed=name != "b")) for name in "abc"}
    assert ways_that_work(probes) == ["a", "c"]
    assert working(probes.values()) == (probes["a"], probes["c"])


def test_a_way_that_was_cut_is_named_with_what_was_found():
    require_ways("firewall", [lambda: row("a", passed=True)], 0.0)
    with pytest.raises(DeviceError) as caught:
        require_ways("firewall", [lambda: row("a", passed=True), lambda: row("b", passed=False)], 0.0)
    assert caught.value.facts[:3] == ("GW429", "firewall.probes", "b: no_answer")
