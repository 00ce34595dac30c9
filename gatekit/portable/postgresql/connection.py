"""PostgreSQL's wire protocol (version 3.0), as little as we need: simple queries over the local socket as root.

psql would obey backslash commands inside a text it is given (a shell among them) and costs a process for each
call; here a text is SQL and nothing else. Peer authentication takes the effective user at connect time.
Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol".
"""

from __future__ import annotations

import os
import pwd
import socket
import struct
from types import TracebackType
from typing import Self

from ..errors import NodeError

__all__ = ["Connection", "available", "identifier", "literal"]

Row = tuple[str | None, ...]

_FOLDER = "/run/postgresql"
_VERSION = 196608  # 3.0
_OK, _AUTHENTICATION, _ERROR, _READY, _DESCRIPTION, _ROW, _COPY_IN = b"\0\0\0\0", b"R", b"E", b"Z", b"T", b"D", b"G"


def socket_path(port: int) -> str:
    """Return where a cluster of that port listens locally."""
    return f"{_FOLDER}/.s.PGSQL.{port}"


def available(port: int) -> bool:
    """Return whether a server has its socket there."""
    return os.path.exists(socket_path(port))


def identifier(name: str) -> str:
    """Return the name quoted for SQL."""
    if "\0" in name or not name:
        raise NodeError("GW104", "postgresql.name", name, "Give a name without zero bytes.")
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Return the value quoted for SQL (standard_conforming_strings is on)."""
    if "\0" in value:
        raise NodeError("GW104", "postgresql.value", "a value", "Give a value without zero bytes.")
    escaped = value.replace("'", "''")
    return f" E'{escaped.replace(chr(92), chr(92) * 2)}'" if "\\" in value else f"'{escaped}'"


class Connection:
    """One session with a database as the server's own account, closed at the end of ``with``.

    Raises:
        NodeError: GW402 no server or a broken session, GW401 refused.
    """

    def __init__(self, port: int, database: str, *, user: str = "postgres", timeout_s: float = 60) -> None:
        self.path = f"postgresql.{database}"
        self.in_transaction = False
        self._open(port, timeout_s, user)
        settings = {"user": user, "database": database, "application_name": "gatekit", "client_encoding": "UTF8"}
        body = b"".join(f"{key}\0{value}\0".encode() for key, value in settings.items()) + b"\0"
        try:
            self._stream.sendall(struct.pack("!ii", len(body) + 8, _VERSION) + body)
            self._answers()
        except BaseException:
            self.close()
            raise

    def _open(self, port: int, timeout_s: float, user: str) -> None:
        self._stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._stream.settimeout(timeout_s)
        before = os.geteuid()
        try:
            if before == 0:
                os.seteuid(pwd.getpwnam(user).pw_uid)
            self._stream.connect(socket_path(port))
        except (OSError, KeyError) as err:
            self._stream.close()
            fix = "Look whether it runs: journalctl -u postgresql@*-main."
            raise NodeError("GW402", self.path, str(err), fix) from err
        finally:
            os.seteuid(before)
        self._received = self._stream.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._received.close()
        self._stream.close()

    def query(self, text: str, *, timeout_s: float | None = None) -> list[Row]:
        """Return the rows of all statements of the text, values as text.

        Raises:
            NodeError: GW406 with the server's words and SQLSTATE, GW402 when the session breaks.
        """
        if timeout_s is not None:
            self._stream.settimeout(timeout_s)
        body = text.encode() + b"\0"
        self._send(b"Q", body)
        return self._answers()

    def _send(self, kind: bytes, body: bytes) -> None:
        try:
            self._stream.sendall(kind + struct.pack("!i", len(body) + 4) + body)
        except OSError as err:
            raise self._broken(err) from err

    def _broken(self, err: object) -> NodeError:
        return NodeError(
            "GW402", self.path, str(err) or "the session ended", "Look at: journalctl -u postgresql@*-main."
        )

    def _message(self) -> tuple[bytes, bytes]:
        try:
            head = self._received.read(5)
            if len(head) < 5:
                raise self._broken("the server closed the session")
            return head[:1], self._received.read(struct.unpack("!i", head[1:])[0] - 4)
        except OSError as err:
            raise self._broken(err) from err

    def _answers(self) -> list[Row]:
        """Read until the server is ready for the next query; an error is raised only then."""
        rows: list[Row] = []
        fault: NodeError | None = None
        while True:
            kind, body = self._message()
            if kind == _AUTHENTICATION and body != _OK:
                fix = "The first lines of pg_hba.conf have to let the account postgres in by peer."
                raise NodeError("GW401", self.path, "a password is asked for", fix)
            if kind == _ROW:
                rows.append(_row(body))
            elif kind == _COPY_IN:
                self._send(b"f", b"COPY from a client is not possible here\0")
            elif kind == _ERROR:
                fault = fault or self._fault(body)
                if fault.code == "GW401":
                    raise fault  # the server ends the session
            elif kind == _READY:
                self.in_transaction = body != b"I"
                if fault:
                    raise fault
                return rows

    def _fault(self, body: bytes) -> NodeError:
        parts = {part[:1].decode(): part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
        said = f"{parts.get('M', '')} ({parts.get('C', '')})"
        if parts.get("C", "").startswith("28"):
            return NodeError("GW401", self.path, said, "Let the account postgres in by peer (pg_hba.conf).")
        return NodeError("GW406", self.path, said, "PostgreSQL refused it (SQLSTATE in brackets); correct the cause.")


def _row(body: bytes) -> Row:
    (count,) = struct.unpack("!h", body[:2])
    position, values = 2, []
    for _ in range(count):
        (length,) = struct.unpack("!i", body[position : position + 4])
        position += 4
        values.append(None if length < 0 else body[position : position + length].decode("utf-8", "replace"))
        position += max(length, 0)
    return tuple(values)
