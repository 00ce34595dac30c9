"""C-ECHO by the standard library: whether a DICOM listener really works, not only accepts a connection.

One association, Verification only, released in order (PS3.8 7.1, 7.2; PS3.7 9.1.5). An archive whose port is open
and that aborts every association is not ready; that happens (archive reference: without the managed executor).
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from .connection import dicom_wire as wire

__all__ = ["EchoError", "Listener", "echo"]

VERIFICATION = "1.2.840.10008.1.1"
_CONTEXT, _MESSAGE_ID = 1, 1
_C_ECHO_REQUEST, _C_ECHO_RESPONSE, _NO_DATA_SET = 0x0030, 0x8030, 0x0101
_RELEASE_RESPONSE = 6
_PDU_LIMIT = 1 << 16


class EchoError(Exception):
    """Why the listener does not work; the text names the step and what came back."""


@dataclass(frozen=True)
class Listener:
    """Whom we call, and as whom."""

    address: str
    port: int
    called: str
    calling: str


def echo(listener: Listener, timeout_s: float) -> None:
    """Return when C-ECHO was answered with success and the association is released.

    Raises:
        EchoError: no connection, refused, aborted, not answered within ``timeout_s`` a step, another status.
    """
    try:
        with socket.create_connection((listener.address, listener.port), timeout_s) as stream:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _associate(stream, listener)
            _verify(stream)
            _release(stream)
    except TimeoutError as err:
        raise EchoError(f"no answer within {timeout_s:g} s") from err
    except OSError as err:
        raise EchoError(err.strerror or str(err)) from err


def _associate(stream: socket.socket, listener: Listener) -> None:
    stream.sendall(wire.association_request((listener.called, listener.calling), {_CONTEXT: VERIFICATION}))
    kind, body = _next_pdu(stream)
    if kind == wire.REJECT and len(body) == 4:
        raise EchoError(f"association refused: result {body[1]}, source {body[2]}, reason {body[3]}")
    if kind != wire.ACCEPT:
        raise EchoError(f"PDU of type {kind} instead of an acceptance")
    result = wire.presentation_results(body).get(_CONTEXT)
    if result != 0:
        raise EchoError(f"Verification not accepted: result {result}")


def _verify(stream: socket.socket) -> None:
    request: dict[int, str | int] = {
        0x0002: VERIFICATION,
        0x0100: _C_ECHO_REQUEST,
        0x0110: _MESSAGE_ID,
        0x0800: _NO_DATA_SET,
    }
    stream.sendall(wire.fragments(_CONTEXT, wire.command_set(request), None))
    response = wire.elements(_command(stream))
    if wire.us(response, 0x0100) != _C_ECHO_RESPONSE or wire.us(response, 0x0120) != _MESSAGE_ID:
        raise EchoError("another message instead of the C-ECHO response")
    status = wire.us(response, 0x0900)
    if status != 0:
        raise EchoError(f"C-ECHO status {status:04X}")


def _command(stream: socket.socket) -> bytes:
    """Return the command set of the next message; a C-ECHO response has no data set (PS3.7 9.3.5.2)."""
    content = b""
    while len(content) <= _PDU_LIMIT:
        kind, body = _next_pdu(stream)
        if kind != 4:
            raise EchoError(f"PDU of type {kind} instead of data")
        at = 0
        while at + 6 <= len(body):
            length = struct.unpack_from("!I", body, at)[0]
            if length < 2 or at + 4 + length > len(body):
                raise EchoError("malformed presentation data value")
            content += body[at + 6 : at + 4 + length]
            if body[at + 5] & 3 == 3:  # command, last fragment
                return content
            at += 4 + length
    raise EchoError("endless command")


def _release(stream: socket.socket) -> None:
    stream.sendall(wire.pdu(wire.RELEASE, bytes(4)))
    kind, _body = _next_pdu(stream)
    if kind != _RELEASE_RESPONSE:
        raise EchoError(f"PDU of type {kind} instead of the release")


def _next_pdu(stream: socket.socket) -> tuple[int, bytes]:
    kind, length = struct.unpack("!BxI", _exactly(stream, 6))
    if length > _PDU_LIMIT:
        raise EchoError(f"PDU of {length} bytes")
    body = _exactly(stream, length)
    if kind == wire.ABORT:
        raise EchoError(f"association aborted: source {body[2] if len(body) > 3 else 'unknown'}")
    return kind, body


def _exactly(stream: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        piece = stream.recv(count - len(content))
        if not piece:
            raise EchoError("connection closed")
        content += piece
    return content
