"""LDIF as people and programs write it, and what is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekit.portable.directory.ldif import Change, Record, parse, write
from gatekit.portable.errors import NodeError


def no_files(url: str) -> bytes:
    raise AssertionError(url)


def read(text: bytes) -> tuple[Record, ...]:
    return parse(text, "x.ldif", no_files)


def test_folded_lines_comments_base64_and_either_line_end_are_read_alike() -> None:
    text = (
        b"version: 1\n\n# a comment\n  that goes on\ndn: cn=a,dc=b\ncn: a\ndescription: one\n  two\nsn:: IA==\nempty:\n"
    )
    (record,) = read(text)
    assert record == Record(
        "x.ldif:5",
        "cn=a,dc=b",
        "add",
        (("cn", (b"a",)), ("description", (b"one two",)), ("sn", (b" ",)), ("empty", (b"",))),
    )
    assert read(text.replace(b"\n", b"\r\n")) == (record,)


def test_modify_record_is_read_with_and_without_its_last_dash() -> None:
    text = b"dn: cn=a\nchangetype: modify\nreplace: sn\nsn: x\n-\ndelete: description\n"
    (record,) = read(text)
    assert record.changes == (Change("replace", "sn", (b"x",)), Change("delete", "description", ()))
    assert read(text + b"-\n")[0].changes == record.changes


def test_value_behind_a_file_reference_is_what_the_reader_gives() -> None:
    (record,) = parse(b"dn: cn=a\nphoto:< file:a.png\n", "x", {"file:a.png": b"\x00\x01"}.__getitem__)
    assert record.attributes == (("photo", (b"\x00\x01",)),)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param(b"cn: a\n", ("GW104", "x.ldif:1", "cn", "A record begins with 'dn:'."), id="no-name"),
        pytest.param(
            b"dn: cn=a\nno colon\n",
            ("GW104", "x.ldif:2", "no colon", "Write 'attribute: value' (RFC 2849)."),
            id="no-colon",
        ),
        pytest.param(
            b" dn: cn=a\n", ("GW104", "x.ldif:1", " dn", "A continued line needs a line before it."), id="continued"
        ),
        pytest.param(
            b"dn: cn=a\ncn:: !\n", ("GW104", "x.ldif:2", "cn", "What follows '::' has to be base64."), id="base64"
        ),
        pytest.param(
            b"version: 2\ndn: cn=a\n",
            ("GW104", "x.ldif:1", "version", "Only LDIF version 1 exists (RFC 2849)."),
            id="version",
        ),
        pytest.param(
            b"dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\n",
            ("GW104", "x.ldif:1", "modrdn", "Use changetype add or modify, or delete without further lines."),
            id="rename",
        ),
        pytest.param(
            b"dn: cn=a\ncn: a\ncn: a\n",
            ("GW111", "x.ldif:3", "cn", "Give each value of an attribute once."),
            id="value-twice",
        ),
        pytest.param(
            b"dn: cn=a\ncn: \xff\n",
            ("GW104", "x.ldif:2", "cn", "Write it in UTF-8, or as base64 after '::'."),
            id="not-utf8",
        ),
        pytest.param(
            b"dn: cn=a\nchangetype: modify\nreplace: sn\ncn: x\n",
            ("GW104", "x.ldif:4", "cn", "Only values of sn may stand here, then '-'."),
            id="other-attribute",
        ),
    ],
)
def test_what_is_no_ldif_is_refused_with_its_line_and_without_its_value(text: bytes, facts: tuple[str, ...]) -> None:
    with pytest.raises(NodeError) as caught:
        read(text)
    assert caught.value.facts == facts


VALUES = st.lists(st.binary(max_size=40), min_size=1, max_size=4, unique=True).map(tuple)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True).filter(lambda name: name not in {"dn", "changetype"})


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), st.text(min_size=1, max_size=20))
def test_what_is_written_is_read_back(attributes: dict[str, tuple[bytes, ...]], value: str) -> None:
    dn = "cn=" + value
    written = Record("x.ldif:1", dn, "add", tuple(attributes.items()))
    assert read(write([written])) == (written,)


def test_values_that_ldif_would_misread_are_written_as_base64() -> None:
    text = write([Record("", "cn=a", "add", (("x", (b" a", b"a ", b":a", b"<a", b"a\nb", b"plain")),))])
    lines = text.splitlines()[2:]
    assert [line.startswith(b"x:: ") for line in lines] == [True] * 5 + [False]
    assert base64.b64decode(lines[0][4:]) == b" a"
