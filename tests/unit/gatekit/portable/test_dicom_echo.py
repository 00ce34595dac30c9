"""C-ECHO byte by byte: what we send is compared whole, what a peer may answer is played back."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.sop_class import Verification

from gatekit.portable.dicom_echo import EchoError, Listener, echo

pytestmark = pytest.mark.peer


def item(kind: int, content: bytes) -> bytes:
    return struct.pack("!BxH", kind, len(content)) + content


def pdu(kind: int, body: bytes) -> bytes:
    return struct.pack("!BxI", kind, len(body)) + body


def accepted(result: int = 0) -> bytes:
    context = item(0x21, struct.pack("!BxBx", 1, result) + item(0x40, b"1.2.840.10008.1.2"))
    names = b"ARCHIVE".ljust(16) * 2
    about = item(0x50, item(0x51, struct.pack("!I", 16384)))
    return pdu(2, struct.pack("!Hxx", 1) + names + bytes(32) + item(0x10, b"1.2.840.10008.3.1.1.1") + context + about)


def response(status: int = 0, command: int = 0x8030, answered: int = 1, *, split: bool = False) -> bytes:
    def element(number: int, value: bytes) -> bytes:
        return struct.pack("<HHI", 0, number, len(value)) + value

    rows = element(2, b"1.2.840.10008.1.1\0") + element(0x100, struct.pack("<H", command))
    rows += element(0x120, struct.pack("<H", answered)) + element(0x800, struct.pack("<H", 0x0101))
    rows += element(0x900, struct.pack("<H", status))
    whole = element(0, struct.pack("<I", len(rows))) + rows
    parts = [(whole[:20], 1), (whole[20:], 3)] if split else [(whole, 3)]
    return b"".join(pdu(4, struct.pack("!IBB", len(part) + 2, 1, flag) + part) for part, flag in parts)


RELEASED = pdu(6, bytes(4))


class Peer:
    """Plays answers back, one for each PDU it gets, and keeps what it got."""

    def __init__(self, *answers: bytes) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.got: list[bytes] = []
        self.thread = threading.Thread(target=self._play, args=(answers,))
        self.thread.start()

    def _play(self, answers: tuple[bytes, ...]) -> None:
        stream, _client = self.listener.accept()
        with stream:
            for answer in answers:
                head = stream.recv(6, socket.MSG_WAITALL)
                self.got.append(head + stream.recv(struct.unpack("!BxI", head)[1], socket.MSG_WAITALL))
                stream.sendall(answer)

    @property
    def target(self) -> Listener:
        return Listener("127.0.0.1", self.listener.getsockname()[1], "ARCHIVE", "GATEWAY")


@pytest.fixture
def peer() -> Iterator[Callable[..., Peer]]:
    made: list[Peer] = []

    def make(*answers: bytes) -> Peer:
        made.append(Peer(*answers))
        return made[-1]

    yield make
    for one in made:
        one.thread.join(5)
        one.listener.close()


def test_good_listener_gets_request_echo_and_release_and_nothing_else(peer: Callable[..., Peer]) -> None:
    found = peer(accepted(), response(), RELEASED)
    echo(found.target, 2)
    request, data, release = found.got
    assert request[:1] == b"\x01"
    assert request[6:8] == b"\0\1"
    assert request[10:42] == b"ARCHIVE         GATEWAY         "
    assert b"\x30\0\0\x11" + b"1.2.840.10008.1.1" in request
    assert b"\x40\0\0\x11" + b"1.2.840.10008.1.2" in request
    assert data[0] == 4
    assert data[6:12] == struct.pack("!IBB", len(data) - 10, 1, 3)
    assert struct.pack("<HHIH", 0, 0x100, 2, 0x0030) in data
    assert release == bytes.fromhex("05000000000400000000")


def test_response_in_two_fragments_is_put_together(peer: Callable[..., Peer]) -> None:
    echo(peer(accepted(), response(split=True), RELEASED).target, 2)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((pdu(3, bytes([0, 1, 1, 7])),), "association refused: result 1, source 1, reason 7"),
        ((pdu(7, bytes([0, 0, 2, 1])),), "association aborted: source 2"),
        ((accepted(3),), "Verification not accepted: result 3"),
        ((pdu(6, bytes(4)),), "PDU of type 6 instead of an acceptance"),
        ((accepted(), response(0x0122)), "C-ECHO status 0122"),
        ((accepted(), response(command=0x8020)), "another message instead of the C-ECHO response"),
        ((accepted(), response(answered=9)), "another message instead of the C-ECHO response"),
        ((accepted(), pdu(7, bytes([0, 0, 0, 0]))), "association aborted: source 0"),
        ((accepted(), pdu(4, bytes.fromhex("ffffffff0103"))), "malformed presentation data value"),
        ((accepted(), response(), pdu(2, bytes(4))), "PDU of type 2 instead of the release"),
        ((struct.pack("!BxI", 2, 1 << 20),), "PDU of 1048576 bytes"),
        ((b"HTTP/1.1 400 Bad",), "PDU of 1414541105 bytes"),
        ((b"",), "connection closed"),
    ],
)
def test_fault_is_named(peer: Callable[..., Peer], answers: tuple[bytes, ...], said: str) -> None:
    with pytest.raises(EchoError, match=f"^{said}$"):
        echo(peer(*answers).target, 2)


def test_open_port_that_says_nothing_is_not_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(EchoError, match=r"no answer within 0\.2 s"):
        echo(Listener("127.0.0.1", silent.getsockname()[1], "ARCHIVE", "GATEWAY"), 0.2)


def test_closed_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    with pytest.raises(EchoError, match="Connection refused"):
        echo(Listener("127.0.0.1", port, "ARCHIVE", "GATEWAY"), 1)


def test_another_implementation_understands_us() -> None:
    seen: list[tuple[str, str]] = []

    def remember(event: evt.Event) -> int:
        seen.append((str(event.assoc.requestor.ae_title), str(event.assoc.acceptor.ae_title)))
        return 0x0000

    ae = AE("ARCHIVE")
    ae.supported_contexts = AllStoragePresentationContexts[:100]
    ae.add_supported_context(Verification)
    ae.require_called_aet = True
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_ECHO, remember)])
    assert server is not None
    try:
        port = server.server_address[1]
        echo(Listener("127.0.0.1", port, "ARCHIVE", "GATEWAY"), 2)
        with pytest.raises(EchoError, match=r"^association refused: result 1, source 1, reason 7$"):
            echo(Listener("127.0.0.1", port, "OTHER", "GATEWAY"), 2)
    finally:
        server.shutdown()
    assert seen == [("GATEWAY", "ARCHIVE")]
