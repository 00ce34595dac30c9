"""SMB: a server that reads the request as [MS-SMB2] has it answers; refusals and other protocols are told apart."""

from __future__ import annotations

import socket
import struct

import pytest

from gatekit.portable.connection.smb import negotiate_request

pytestmark = pytest.mark.peer

TCP = ("tcp", "accepted", {})


def exactly(stream: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        content += stream.recv(count - len(content))
    return content


def response(status: int, dialect: int, security: int) -> bytes:
    header = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 0, status, 0, 1, 1, 0, 0, 0, 0, 0) + bytes(16)
    body = struct.pack("<HHHH", 65, security, dialect, 1) + bytes(56) if status == 0 else struct.pack("<HHI", 9, 0, 0)
    return header + body + b"\0"


def server(status: int = 0, dialect: int = 0x0311, security: int = 1):
    def script(stream: socket.socket) -> None:
        (length,) = struct.unpack("!I", exactly(stream, 4))
        exactly(stream, length)
        answer = response(status, dialect, security)
        stream.sendall(struct.pack("!I", len(answer)) + answer)

    return script


def test_op_7_the_request_is_laid_out_as_the_specification_says() -> None:
    request = negotiate_request()
    magic, size, command = (
        request[:4],
        struct.unpack_from("<H", request, 4)[0],
        struct.unpack_from("<H", request, 12)[0],
    )
    assert (magic, size, command) == (b"\xfeSMB", 64, 0)
    body_size, count = struct.unpack_from("<HH", request, 64)
    offset, contexts = struct.unpack_from("<IH", request, 64 + 28)
    dialects = struct.unpack_from(f"<{count}H", request, 64 + 36)
    assert (body_size, contexts, dialects) == (36, 1, (0x0202, 0x0210, 0x0300, 0x0302, 0x0311))
    assert offset % 8 == 0
    kind, length = struct.unpack_from("<HH", request, offset)
    hashes, salt, algorithm = struct.unpack_from("<HHH", request, offset + 8)
    assert (kind, length, hashes, salt, algorithm) == (1, 38, 1, 32, 1)
    assert len(request) == offset + 8 + length


@pytest.mark.parametrize(
    ("dialect", "security", "facts"),
    [
        pytest.param(0x0311, 3, {"dialect": "3.1.1", "signing": "required"}, id="3.1.1"),
        pytest.param(0x0202, 1, {"dialect": "2.0.2", "signing": "optional"}, id="2.0.2"),
    ],
)
def test_op_7_dialect_and_signing_are_read(peer, steps, dialect, security, facts) -> None:
    port = peer(server(dialect=dialect, security=security))
    assert steps("smb", port) == [TCP, ("smb_negotiate", "answered", facts)]


@pytest.mark.parametrize(
    ("script", "outcome", "facts"),
    [
        pytest.param(server(status=0xC00000BB), "negative", {"status": "0xC00000BB"}, id="not-supported"),
        pytest.param(server(dialect=0x02FF), "garbled", {}, id="wildcard-dialect"),
        pytest.param(lambda stream: stream.sendall(b"HTTP/1.1 400 Bad"), "garbled", {}, id="http"),
        pytest.param(lambda stream: stream.recv(4096), "cut", {}, id="smb1-only"),
    ],
)
def test_op_7_whoever_does_not_negotiate_is_told_apart(peer, steps, script, outcome, facts) -> None:
    assert steps("smb", peer(script))[1:] == [("smb_negotiate", outcome, facts)]
