"""PostgreSQL's protocol against a scripted server."""

from __future__ import annotations

import importlib.util
import os
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import connection
from gatekit.portable.postgresql.connection import Connection, identifier, literal

_SPEC = importlib.util.spec_from_file_location("scripted_server", Path(__file__).with_name("scripted_server.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
script = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(script)

US = pwd.getpwuid(os.geteuid()).pw_name
Open = Callable[..., Connection]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr(connection, "_FOLDER", str(tmp_path))
    running = []

    def start(*replies: bytes, **options: bytes) -> Connection:
        running.append(script.ScriptedServer(tmp_path / ".s.PGSQL.5432", *replies, **options))
        return Connection(5432, "archive", user=US)

    yield start
    for one in running:
        one.close()


def test_rows_of_all_statements_come_back_as_text(server: Open) -> None:
    reply = script.message(b"T", b"\0\0") + script.row("1", None, "日本") + script.message(b"C", b"SELECT 1\0")
    with server(reply + script.IN_TRANSACTION) as session:
        assert session.query("select") == [("1", None, "日本")]
        assert session.in_transaction


def test_error_is_raised_after_the_server_is_ready_again(server: Open) -> None:
    with server(script.error("42P01", "no such table") + script.IDLE, script.row("2") + script.IDLE) as session:
        with pytest.raises(NodeError) as caught:
            session.query("select 1 from nothing")
        assert caught.value.facts[:3] == ("GW406", "postgresql.archive", "no such table (42P01)")
        assert session.query("select 2") == [("2",)]


def test_copy_from_a_client_is_answered_with_a_failure(server: Open) -> None:
    replies = (script.message(b"G", b"\0\0\0"), script.error("57014", "COPY failed") + script.IDLE)
    with server(*replies) as session, pytest.raises(NodeError) as caught:
        session.query("copy x from stdin")
    assert caught.value.value == "COPY failed (57014)"


def test_session_that_ends_is_an_error_with_a_code(server: Open) -> None:
    with server() as session, pytest.raises(NodeError) as caught:
        session.query("select 1")
    assert caught.value.code == "GW402"


def test_refused_login_is_told_from_a_refused_query(server: Open) -> None:
    with pytest.raises(NodeError) as caught:
        server(welcome=script.error("28000", "no pg_hba.conf entry"))
    assert caught.value.facts[:3] == ("GW401", "postgresql.archive", "no pg_hba.conf entry (28000)")


def test_no_server_is_an_error_with_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_FOLDER", str(tmp_path))
    assert not connection.available(5432)
    with pytest.raises(NodeError) as caught:
        Connection(5432, "archive", user=US)
    assert caught.value.code == "GW402"


def test_names_and_values_cannot_leave_their_quotes() -> None:
    assert identifier('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"
    assert literal("a\\'b") == " E'a\\\\''b'"
    for quote in (identifier, literal):
        with pytest.raises(NodeError):
            quote("a\0b")
