"""The client against a server that checks the digest."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.wildfly import running
from gatekit.portable.wildfly.management import Endpoint, Management, Refused, _words, operation
from tests.unit.gatekit.portable.wildfly.fake_server import PASSWORD, USER, FakeServer


@pytest.fixture
def management(server: FakeServer) -> Iterator[Management]:
    conversation = Management(Endpoint(server.port, USER, PASSWORD), timeout_s=5)
    yield conversation
    conversation.close()


def test_one_challenge_serves_the_whole_conversation(management: Management) -> None:
    assert [management.server_state() for _ in range(3)] == ["running"] * 3
    assert management._count == 3


def test_wrong_password_is_named_and_not_shown(server: FakeServer) -> None:
    stranger = Management(Endpoint(server.port, USER, "wrong-password"), timeout_s=5)
    with pytest.raises(NodeError) as refused:
        stranger.ask(operation("read-attribute", name="server-state"))
    stranger.close()
    assert refused.value.facts[:3] == ("GW401", "wildfly.management", USER)
    assert "wrong-password" not in str(refused.value) + repr(Endpoint(1, USER, "wrong-password"))


def test_refusal_is_in_the_servers_words(management: Management) -> None:
    with pytest.raises(Refused, match="WFLY: 'nothing'"):
        management.ask(operation("read-resource", (("nothing", "here"),)))


def test_words_of_every_step_are_given() -> None:
    assert _words({"WFLYCTL0062": {"Operation step-7": "no"}}) == "Operation step-7: no"
    steps = {"step-1": {"outcome": "failed"}, "step-2": {"failure-description": "because"}}
    assert _words("rolled back", steps) == "rolled back; step-2: because"


def test_nobody_there_is_said_with_what_to_do() -> None:
    management = Management(Endpoint(1, USER, PASSWORD), timeout_s=1)
    assert management.server_state() == ""
    with pytest.raises(NodeError) as refused:
        management.ask(operation("read-resource"))
    assert refused.value.facts[:2] == ("GW402", "wildfly.management.1")
    assert "systemctl start wildfly" in refused.value.fix


def test_waiting_ends_with_the_state_that_was_there(server: FakeServer) -> None:
    server.state, seconds = "starting", iter(range(100))
    slept: list[float] = []
    endpoint = Endpoint(server.port, USER, PASSWORD)
    management = Management(endpoint, timeout_s=5, clock=lambda: next(seconds), sleep=slept.append)
    with pytest.raises(NodeError) as refused:
        management.wait_until(("running",), 5)
    assert refused.value.facts[:3] == ("GW420", "wildfly.server_state", "starting")
    management.close()
    assert len(slept) == 4


def test_answer_that_is_lost_on_the_way_is_asked_for_again(server: FakeServer, management: Management) -> None:
    assert management.server_state() == "running"
    server.lost_answers = 1
    assert management.server_state() == ""
    assert management.server_state() == "running"


def test_proof_of_the_start_gives_up_at_once_when_the_server_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    monkeypatch.setenv("MAINPID", str(ended.pid))
    (tmp_path / "password").write_text("x\n")
    assert running.main(["1", USER, str(tmp_path / "password"), "300"]) == 1
    assert "wildfly.process: 'it ended'" in capsys.readouterr().err


def test_proof_of_the_start_ends_when_the_server_runs(server: FakeServer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    assert running.main([str(server.port), USER, str(tmp_path / "password"), "5"]) == 0
