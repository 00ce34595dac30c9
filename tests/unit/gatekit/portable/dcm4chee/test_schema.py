"""The archive's tables: made once in one transaction; tables of another hand are refused, a dead server is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.portable.dcm4chee.schema import Schema, apply, plan
from gatekit.portable.errors import NodeError


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    (tmp_path / "a.sql").write_bytes(b"CREATE TABLE study (pk bigint);\r\n")
    (tmp_path / "b.sql").write_bytes(b"CREATE INDEX one ON study (pk);\r\n")
    return Schema("archive", "owner", (str(tmp_path / "a.sql"), str(tmp_path / "b.sql")), "study")


def answers(programs, counts: str) -> None:
    """Let psql answer the question, and write down what it is given to do."""
    programs.add("runuser", f'case "$*" in *" -1 "*) cat > {programs.folder}/given;; *) echo "{counts}";; esac')


def test_ap_2_tables_are_made_in_one_transaction_by_their_owner(schema: Schema, programs) -> None:
    answers(programs, "0|0")
    change = plan(schema, predict=False)
    assert change.diff()["before"] == '{\n  "archive": "absent"\n}\n'
    apply(change)
    given = (programs.folder / "given").read_bytes()
    assert given == b'SET ROLE "owner";\nCREATE TABLE study (pk bigint);\n\nCREATE INDEX one ON study (pk);\n'
    assert programs.calls[-1].endswith("-d archive -v ON_ERROR_STOP=1 -1 -f -")


def test_ap_2_tables_that_are_there_are_never_touched(schema: Schema, programs) -> None:
    answers(programs, "41|1")
    assert not plan(schema, predict=False).changed


def test_ap_2_tables_of_another_hand_are_refused(schema: Schema, programs) -> None:
    answers(programs, "3|0")
    with pytest.raises(NodeError) as caught:
        plan(schema, predict=False)
    assert caught.value.facts[:3] == ("GW409", "postgresql.archive", "no table study")


def test_a_database_that_does_not_answer_is_an_error_and_in_check_mode_an_empty_one(schema: Schema, programs) -> None:
    programs.add("runuser", "echo 'connection refused' >&2; exit 2")
    assert plan(schema, predict=True).changed
    with pytest.raises(NodeError) as caught:
        plan(schema, predict=False)
    assert caught.value.facts[:3] == ("GW402", "postgresql.archive", "connection refused")


def test_a_refused_statement_is_told(schema: Schema, programs) -> None:
    programs.add("runuser", 'case "$*" in *" -1 "*) echo "ERROR: no" >&2; exit 3;; *) echo "0|0";; esac')
    with pytest.raises(NodeError) as caught:
        apply(plan(schema, predict=False))
    assert caught.value.facts[:3] == ("GW406", "postgresql.archive", "ERROR: no")


def test_a_missing_file_is_told_before_anything_is_sent(schema: Schema, programs) -> None:
    answers(programs, "0|0")
    change = plan(schema, predict=False)
    Path(schema.files[1]).unlink()
    with pytest.raises(NodeError) as caught:
        apply(change)
    assert caught.value.facts[:2] == ("GW407", schema.files[1])
    assert not (programs.folder / "given").exists()
