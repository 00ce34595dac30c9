from __future__ import annotations

import socket
import time

import pytest

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import ProbeResult
from gatekit.devices.change.probing import answers, connects, gather, lets_us_in
from gatekit.errors import VerifyError
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

    result = answers("pacs to portal", ask, "192.168.30.9", QUESTION, frozenset(expected))()
    assert result == ProbeResult(name="pacs to portal", passed=passed, found=outcome)
    assert asked == [
        {"source": "192.168.30.9", "operations": [{**QUESTION, "id": "pacs to portal"}], "scan": None},
    ]


def test_a_host_that_cannot_be_asked_is_no_proof():
    def ask(job):
        raise VerifyError("GW601", "probes.pacs", "no route", "Check that the host is up.")

    result = answers("pacs", ask, "192.168.30.9", QUESTION, frozenset({"no_answer"}))()
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
