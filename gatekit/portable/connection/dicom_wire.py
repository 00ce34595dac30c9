"""DICOM's bytes: PDUs of the upper layer (PS3.8 9.3) and data sets in implicit VR little endian (PS3.5 A.1). Pure."""

from __future__ import annotations

import struct
from collections.abc import Mapping

ACCEPT, REJECT, RELEASE, ABORT = 2, 3, 5, 7
APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2"
IMPLEMENTATION = "2.25.187404218305964208157205837340628459411"  # a UUID of ours (PS3.5 B.2)
MAX_PDU = 16384
UNDEFINED = 0xFFFFFFFF


def pdu(kind: int, body: bytes) -> bytes:
    """Return one protocol data unit."""
    return struct.pack("!BxI", kind, len(body)) + body


def _item(kind: int, content: bytes) -> bytes:
    return struct.pack("!BxH", kind, len(content)) + content


def association_request(titles: tuple[str, str], contexts: Mapping[int, str]) -> bytes:
    """Return A-ASSOCIATE-RQ; ``titles`` are called and calling, ``contexts`` id -> abstract syntax."""
    syntax = _item(0x40, IMPLICIT_LITTLE_ENDIAN.encode())
    offered = b"".join(
        _item(0x20, struct.pack("!Bxxx", number) + _item(0x30, uid.encode()) + syntax)
        for number, uid in contexts.items()
    )
    about_us = _item(0x51, struct.pack("!I", MAX_PDU)) + _item(0x52, IMPLEMENTATION.encode()) + _item(0x55, b"GATEKIT")
    names = b"".join(title.ljust(16).encode("ascii") for title in titles)
    body = struct.pack("!Hxx", 1) + names + bytes(32) + _item(0x10, APPLICATION_CONTEXT.encode())
    return pdu(1, body + offered + _item(0x50, about_us))


def presentation_results(body: bytes) -> dict[int, int]:
    """Return context id -> result from the body of A-ASSOCIATE-AC."""
    results, at = {}, 68
    while at + 4 <= len(body):
        kind, length = struct.unpack_from("!BxH", body, at)
        if kind == 0x21 and length >= 4 and at + 8 <= len(body):
            results[body[at + 4]] = body[at + 6]
        at += 4 + length
    return results


def _element(group: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", group, number, len(value)) + value


def command_set(values: Mapping[int, str | int]) -> bytes:
    """Return a command set with its group length; text is a UID, a number an unsigned short."""
    rows = b""
    for number, value in sorted(values.items()):
        content = struct.pack("<H", value) if isinstance(value, int) else _even(value, "\0")
        rows += _element(0, number, content)
    return _element(0, 0, struct.pack("<I", len(rows))) + rows


def identifier(patient: str) -> bytes:
    """Return the keys of a C-FIND for the studies of one patient: no name is asked for."""
    return (
        _element(0x0008, 0x0052, b"STUDY ")
        + _element(0x0010, 0x0020, _even(patient, " "))
        + _element(0x0020, 0x000D, b"")
    )


def _even(text: str, padding: str) -> bytes:
    return (text + padding * (len(text) % 2)).encode("ascii")


def fragments(context: int, command: bytes, data_set: bytes | None) -> bytes:
    """Return P-DATA-TF with a whole message; ours are far smaller than any peer's limit."""
    values = [(command, 3)] if data_set is None else [(command, 3), (data_set, 2)]
    return b"".join(pdu(4, struct.pack("!IBB", len(value) + 2, context, header) + value) for value, header in values)


def elements(content: bytes) -> dict[tuple[int, int], bytes]:
    """Return tag -> value of the elements before the first one of undefined length."""
    found, at = {}, 0
    while at + 8 <= len(content):
        group, number, length = struct.unpack_from("<HHI", content, at)
        if length == UNDEFINED or at + 8 + length > len(content):
            break
        found[group, number] = content[at + 8 : at + 8 + length]
        at += 8 + length
    return found


def us(command: Mapping[tuple[int, int], bytes], number: int) -> int:
    """Return an unsigned short of a command set, or -1 when it is not there."""
    value = command.get((0, number), b"")
    return int.from_bytes(value, "little") if len(value) == 2 else -1
