"""Databases: TCP, and the server's first words where its protocol has such. No account, no statement.

Which product listens follows from its registered port. MySQL speaks first; PostgreSQL answers an SSLRequest
with one letter; SQL Server answers PRELOGIN ([MS-TDS] 2.2.6.5). Of other ports only what comes by itself is
taken; silence there proves TCP and nothing more.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from .dialogue import Asked, Channel, Dialogue, Trouble, printable

LISTEN_S = 2.0


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Hear the server's greeting (step ``sql_greeting``)."""
    with dialogue.connection(asked) as channel:
        greet = GREETINGS.get(asked.port)
        if greet is None:
            _unknown(dialogue, channel)
            return
        with dialogue.step("sql_greeting") as found:
            found.facts.update(greet(channel))


def _postgresql(channel: Channel) -> dict[str, str]:
    channel.send(struct.pack("!II", 8, 80877103))  # SSLRequest
    letter = channel.exactly(1)
    if letter not in (b"S", b"N"):
        raise Trouble("garbled")
    return {"product": "PostgreSQL", "tls": "offered" if letter == b"S" else "not offered"}


def _mysql(channel: Channel) -> dict[str, str]:
    head = channel.exactly(4)
    length = int.from_bytes(head[:3], "little")
    if head[3] != 0 or not 2 <= length <= 4096:
        raise Trouble("garbled")
    packet = channel.exactly(length)
    if packet[0] == 0xFF:  # an error packet: number, text
        raise Trouble("negative", status=str(int.from_bytes(packet[1:3], "little")))
    if packet[0] != 10:
        raise Trouble("garbled")
    return {"product": "MySQL", "version": printable(packet[1:].split(b"\0")[0])}


def _sql_server(channel: Channel) -> dict[str, str]:
    options = struct.pack("!BHHBHHB", 0, 11, 6, 1, 17, 1, 0xFF)  # VERSION, ENCRYPTION, end
    body = options + bytes(6) + b"\x02"  # no version of ours, encryption not supported
    channel.send(struct.pack("!BBHHBB", 0x12, 1, 8 + len(body), 0, 0, 0) + body)
    kind, _last, length = struct.unpack("!BBH", channel.exactly(8)[:4])
    if kind != 4 or not 8 < length <= 4096:
        raise Trouble("garbled")
    answer = channel.exactly(length - 8)
    if len(answer) < 5 or answer[0] != 0:
        raise Trouble("garbled")
    offset = struct.unpack_from("!H", answer, 1)[0]
    version = answer[offset : offset + 4]
    if len(version) < 4:
        raise Trouble("garbled")
    number = f"{version[0]}.{version[1]}.{int.from_bytes(version[2:4])}"
    return {"product": "SQL Server", "version": number}


GREETINGS: dict[int, Callable[[Channel], dict[str, str]]] = {1433: _sql_server, 3306: _mysql, 5432: _postgresql}


def _unknown(dialogue: Dialogue, channel: Channel) -> None:
    try:
        said = channel.some(LISTEN_S)
    except TimeoutError:
        dialogue.skip("sql_greeting", "silent")
        return
    except (OSError, Trouble):
        with dialogue.step("sql_greeting"):
            raise
    with dialogue.step("sql_greeting") as found:
        found.facts.update(bytes=str(len(said)))
