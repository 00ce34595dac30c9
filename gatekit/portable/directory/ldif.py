"""LDIF (RFC 2849), read strictly and written for ldapmodify.

Tolerated beyond the RFC, since slapd's own schema files and dcm4chee's distribution have it: CRLF line ends,
UTF-8 outside base64, no ``version:`` line, no ``-`` after the last change of a record.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..errors import NodeError

__all__ = ["Change", "Record", "Values", "parse", "write"]

Values = tuple[bytes, ...]
Verb = Literal["add", "modify", "delete"]
FileReader = Callable[[str], bytes]

_NAME = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)(?:;[A-Za-z0-9-]+)*\Z")
_SAFE = re.compile(rb"[\x01-\x09\x0b\x0c\x0e-\x1f\x21-\x39\x3b\x3d-\x7f][\x01-\x09\x0b\x0c\x0e-\x7f]*\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a modify record; no values with ``delete`` or ``replace`` means the whole attribute."""

    verb: Literal["add", "delete", "replace"]
    attribute: str
    values: Values


@dataclass(frozen=True, slots=True)
class Record:
    """One record; ``attributes`` of an added entry in the order and spelling of the file, ``changes`` of a modify."""

    where: str  # file and line, for people
    dn: str
    verb: Verb
    attributes: tuple[tuple[str, Values], ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    name: str
    value: bytes


def parse(text: bytes, name: str, read_file: FileReader) -> tuple[Record, ...]:
    """Return the records of one LDIF text in its order.

    Args:
        text: the bytes of the file.
        name: what the text is called in messages.
        read_file: returns the content behind a ``file:`` reference, or refuses it.
    Raises:
        NodeError: GW104 with the line that is not LDIF, GW111 when an entry names an attribute's value twice.
    """
    if text.startswith(b"\xef\xbb\xbf"):
        raise _fault(name, 1, "a byte order mark", "Save the file as UTF-8 without a byte order mark.")
    return tuple(
        _record(name, [_line(name, number, line, read_file) for number, line in block]) for block in _blocks(name, text)
    )


def _fault(name: str, number: int, value: object, fix: str) -> NodeError:
    return NodeError("GW104", f"{name}:{number}", value, fix)


def _blocks(name: str, text: bytes) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the unfolded lines of each record with the number of their first line; comments and version left out."""
    block: list[tuple[int, bytes]] = []
    for number, line in _unfolded(name, text):
        if not line:
            if block:
                yield block
            block = []
        elif not line.startswith(b"#") and not _is_version(name, number, line, first=not block):
            block.append((number, line))
    if block:
        yield block


def _unfolded(name: str, text: bytes) -> Iterator[tuple[int, bytes]]:
    number, whole = 0, b""
    for position, physical in enumerate(text.replace(b"\r\n", b"\n").split(b"\n"), start=1):
        if physical.startswith(b" "):
            if not whole:
                raise _fault(name, position, _shown(physical), "A continued line needs a line before it.")
            whole += physical[1:]
            continue
        if number:
            yield number, whole
        number, whole = position, physical
    yield number, whole


def _is_version(name: str, number: int, line: bytes, *, first: bool) -> bool:
    key, _, value = line.partition(b":")
    if not first or key.lower() != b"version":
        return False
    if value.strip() != b"1":
        raise _fault(name, number, _shown(line), "Only LDIF version 1 exists (RFC 2849).")
    return True


def _shown(line: bytes) -> str:
    """Return the name of a line only: its value may be a secret."""
    return line.partition(b":")[0].decode("utf-8", "replace")[:60]


def _line(name: str, number: int, line: bytes, read_file: FileReader) -> _Line:
    if line == b"-":
        return _Line(number, "-", b"")
    key, colon, rest = line.partition(b":")
    attribute = key.decode("ascii", "replace")
    if not colon or not _NAME.match(attribute):
        raise _fault(name, number, _shown(line), "Write 'attribute: value' (RFC 2849).")
    return _Line(number, attribute, _value(name, number, line, rest, read_file))


def _value(name: str, number: int, line: bytes, rest: bytes, read_file: FileReader) -> bytes:
    if rest.startswith(b":"):
        try:
            return base64.b64decode(rest[1:].strip(b" "), validate=True)
        except binascii.Error as err:
            raise _fault(name, number, _shown(line), "What follows '::' has to be base64.") from err
    if rest.startswith(b"<"):
        return read_file(rest[1:].strip(b" ").decode("utf-8", "replace"))
    value = rest.lstrip(b" ")
    try:
        value.decode()
    except UnicodeDecodeError as err:
        raise _fault(name, number, _shown(line), "Write it in UTF-8, or as base64 after '::'.") from err
    if b"\x00" in value or b"\r" in value:
        raise _fault(name, number, _shown(line), "Write a value with control characters as base64 after '::'.")
    return value


def _record(name: str, lines: list[_Line]) -> Record:
    first, *rest = lines
    if first.name.lower() != "dn":
        raise _fault(name, first.number, first.name, "A record begins with 'dn:'.")
    where, dn = f"{name}:{first.number}", first.value.decode("utf-8", "replace")
    if rest and rest[0].name.lower() == "control":
        raise _fault(name, rest[0].number, "control", "LDAP controls are not supported; leave the line out.")
    verb = "add"
    if rest and rest[0].name.lower() == "changetype":
        verb = rest.pop(0).value.decode("utf-8", "replace").lower()
    if verb == "add":
        return Record(where, dn, "add", attributes=_attributes(name, rest))
    if verb == "modify":
        return Record(where, dn, "modify", changes=tuple(_changes(name, rest)))
    if verb == "delete" and not rest:
        return Record(where, dn, "delete")
    raise _fault(name, first.number, verb, "Use changetype add or modify, or delete without further lines.")


def _attributes(name: str, lines: list[_Line]) -> tuple[tuple[str, Values], ...]:
    found: dict[str, tuple[str, list[bytes]]] = {}
    for line in lines:
        if line.name == "-":
            raise _fault(name, line.number, "-", "Only a modify record has lines of '-'.")
        values = found.setdefault(line.name.lower(), (line.name, []))[1]
        if line.value in values:
            fix = "Give each value of an attribute once."
            raise NodeError("GW111", f"{name}:{line.number}", line.name, fix)
        values.append(line.value)
    return tuple((spelling, tuple(values)) for spelling, values in found.values())


def _changes(name: str, lines: list[_Line]) -> Iterator[Change]:
    waiting = list(lines)
    while waiting:
        head = waiting.pop(0)
        verb, attribute = head.name.lower(), head.value.decode("utf-8", "replace")
        if verb not in ("add", "delete", "replace") or not _NAME.match(attribute):
            raise _fault(name, head.number, head.name, "Write 'add: attribute', 'delete: ...' or 'replace: ...'.")
        values: list[bytes] = []
        while waiting and waiting[0].name != "-":
            line = waiting.pop(0)
            if line.name.lower() != attribute.lower():
                raise _fault(name, line.number, line.name, f"Only values of {attribute} may stand here, then '-'.")
            values.append(line.value)
        del waiting[:1]
        if verb == "add" and not values:
            raise _fault(name, head.number, attribute, "Give the values to add.")
        yield Change(verb, attribute, tuple(values))  # type: ignore[arg-type]  # the check above narrows it


def write(records: Iterable[Record]) -> bytes:
    """Return the records as change records for ldapmodify, never folded."""
    return b"\n".join(b"".join(_written(record)) for record in records)


def _written(record: Record) -> Iterator[bytes]:
    yield _pair("dn", record.dn.encode())
    yield _pair("changetype", record.verb.encode())
    for name, values in record.attributes:
        yield from (_pair(name, value) for value in values)
    for change in record.changes:
        yield _pair(change.verb, change.attribute.encode())
        yield from (_pair(change.attribute, value) for value in change.values)
        yield b"-\n"


def _pair(name: str, value: bytes) -> bytes:
    if not value or (_SAFE.match(value) and not value.endswith(b" ")):
        return name.encode() + b":" + (b" " + value if value else b"") + b"\n"
    return name.encode() + b":: " + base64.b64encode(value) + b"\n"
