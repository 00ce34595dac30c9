"""A server that plays a script: real sockets, real messages, no PostgreSQL."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path

READY = b"Z" + struct.pack("!i", 5)
IDLE, IN_TRANSACTION = READY + b"I", READY + b"T"
WELCOME = b"R" + struct.pack("!ii", 8, 0) + IDLE


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def row(*values: str | None) -> bytes:
    parts = b"".join(
        struct.pack("!i", -1) if value is None else struct.pack("!i", len(value.encode())) + value.encode()
        for value in values
    )
    return message(b"D", struct.pack("!h", len(values)) + parts)


def error(code: str, text: str) -> bytes:
    return message(b"E", f"SERROR\0C{code}\0M{text}\0\0".encode())


class ScriptedServer:
    """Answers each query with the next entry of the script and keeps what it was asked."""

    def __init__(self, path: Path, *replies: bytes, welcome: bytes = WELCOME) -> None:
        self.asked: list[str] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, args=(list(replies), welcome), daemon=True)
        self._thread.start()

    def _serve(self, replies: list[bytes], welcome: bytes) -> None:
        session, _ = self._listener.accept()
        with session, session.makefile("rb") as stream:
            (length,) = struct.unpack("!i", stream.read(4))
            stream.read(length - 4)
            session.sendall(welcome)
            for reply in replies:
                head = stream.read(5)
                if len(head) < 5:
                    return
                body = stream.read(struct.unpack("!i", head[1:])[0] - 4)
                self.asked.append(body.rstrip(b"\0").decode())
                session.sendall(reply)

    def close(self) -> None:
        self._listener.close()
        self._thread.join(timeout=5)
