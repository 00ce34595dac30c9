"""A schema's digest and what its texts may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import schema
from gatekit.portable.postgresql.schema import Schema


def made(*texts: str) -> Schema:
    return Schema("archive", "archive", "dcm4chee-arc", "5.34.3", texts)


def test_either_line_end_gives_the_same_digest(tmp_path: Path) -> None:
    (tmp_path / "unix.sql").write_bytes(b"create table a (b text);\ncreate index c on a (b);\n")
    (tmp_path / "dos.sql").write_bytes(b"create table a (b text);\r\ncreate index c on a (b);\r\n")
    one, other = (made(*schema.texts_of_files(str(tmp_path), [name])) for name in ("unix.sql", "dos.sql"))
    assert one == other
    assert one.sha256 == other.sha256


def test_digest_depends_on_where_one_text_ends() -> None:
    assert made("ab", "c").sha256 != made("a", "bc").sha256


@pytest.mark.parametrize("text", ["create table a();\nCOMMIT;", "reset role;", "SET LOCAL ROLE postgres;", "begin;"])
def test_text_that_ends_the_transaction_or_changes_the_account_is_refused_before_it_runs(text: str) -> None:
    with pytest.raises(NodeError) as caught:
        schema.plan(5432, made(text), predict=False)
    assert caught.value.facts[:2] == ("GW104", "schema.dcm4chee-arc")


def test_such_words_in_comments_strings_and_bodies_are_no_fault() -> None:
    text = (
        "-- commit;\n/* begin; */ insert into a values ('x;\ncommit;');\ncreate function f() as $$\nbegin;\nend;\n$$;"
    )
    assert schema._ENDS_TRANSACTION.search(schema._QUOTED.sub(" ", text)) is None


@pytest.mark.parametrize(("name", "code"), [("no.sql", "GW407"), ("../x.sql", "GW104"), ("latin.sql", "GW104")])
def test_files_that_cannot_be_read_are_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "latin.sql").write_bytes(b"-- \xe9\n")
    with pytest.raises(NodeError) as caught:
        schema.texts_of_files(str(tmp_path), [name])
    assert caught.value.code == code
