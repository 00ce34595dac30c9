"""Databases: each product's first words, and honesty about a server that says nothing."""

from __future__ import annotations

import socket
import struct

import pytest

from gatekit.portable.connection import sql

pytestmark = pytest.mark.peer

TCP = ("tcp", "accepted", {})


def postgresql(letter: bytes):
    def script(stream: socket.socket) -> None:
        assert stream.recv(64) == struct.pack("!II", 8, 80877103)
        stream.sendall(letter)

    return script


def mysql(packet: bytes):
    return lambda stream: stream.sendall(len(packet).to_bytes(3, "little") + b"\0" + packet)


def sql_server(stream: socket.socket) -> None:
    request = stream.recv(64)
    assert (request[0], len(request)) == (0x12, int.from_bytes(request[2:4]))
    body = struct.pack("!BHHB", 0, 6, 6, 0xFF) + bytes([15, 0, 0x10, 0x64, 0, 0])
    stream.sendall(struct.pack("!BBHHBB", 4, 1, 8 + len(body), 0, 0, 0) + body)


@pytest.mark.parametrize(
    ("standard_port", "script", "outcome", "facts"),
    [
        pytest.param(
            5432, postgresql(b"S"), "answered", {"product": "PostgreSQL", "tls": "offered"}, id="postgresql-tls"
        ),
        pytest.param(
            5432, postgresql(b"N"), "answered", {"product": "PostgreSQL", "tls": "not offered"}, id="postgresql"
        ),
        pytest.param(5432, postgresql(b"E"), "garbled", {}, id="postgresql-error"),
        pytest.param(3306, mysql(b"\x0a8.4.3\0rest"), "answered", {"product": "MySQL", "version": "8.4.3"}, id="mysql"),
        pytest.param(3306, mysql(b"\xff\x6a\x04Host"), "negative", {"status": "1130"}, id="mysql-host-refused"),
        pytest.param(1433, sql_server, "answered", {"product": "SQL Server", "version": "15.0.4196"}, id="sql-server"),
        pytest.param(1433, lambda stream: stream.sendall(b"220 smtp\r\n"), "garbled", {}, id="not-sql-server"),
    ],
)
def test_op_7_each_product_is_known_by_its_greeting(
    peer, steps, monkeypatch, standard_port, script, outcome, facts
) -> None:
    port = peer(script)
    monkeypatch.setitem(sql.GREETINGS, port, sql.GREETINGS[standard_port])
    assert steps("sql", port) == [TCP, ("sql_greeting", outcome, facts)]


def test_op_7_a_silent_server_proves_tcp_and_nothing_more(peer, steps, monkeypatch) -> None:
    monkeypatch.setattr(sql, "LISTEN_S", 0.2)
    assert steps("sql", peer(lambda stream: stream.recv(64))) == [
        TCP,
        ("sql_greeting", "not_run", {"reason": "silent"}),
    ]


def test_op_7_an_unknown_server_that_speaks_is_heard(peer, steps) -> None:
    assert steps("sql", peer(lambda stream: stream.sendall(b"hello")))[1:] == [
        ("sql_greeting", "answered", {"bytes": "5"})
    ]


def test_op_7_an_unknown_server_that_hangs_up_is_told_apart(peer, steps) -> None:
    assert steps("sql", peer(lambda _: None))[1:] == [("sql_greeting", "cut", {})]
