"""Accounts and databases: what is decided from what is found."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import databases, scram
from gatekit.portable.postgresql.databases import Database, DatabaseChange

ARCHIVE = Database("archive", "archive", "archive_password")
SECRETS = {"archive_password": "wanted"}
PLAIN = [True, False, False, False, False, False]
SETTLED = {"owner": "archive", "encoding": "UTF8", "public": False}


def found(monkeypatch: pytest.MonkeyPatch, roles: Any, rows: Any, schema: tuple[str, str]) -> DatabaseChange:
    monkeypatch.setattr(databases, "_observe", lambda _: {"roles": roles, "databases": rows})
    monkeypatch.setattr(databases, "_schema", lambda *_: schema)
    return databases.plan(5432, [ARCHIVE], SECRETS, predict=False)


def role(password: str = SECRETS["archive_password"], privileges: list[bool] | None = None) -> dict[str, Any]:
    return {"archive": {"password": scram.verifier("x", password), "privileges": privileges or PLAIN}}


CLOSED = ("false", "pg_database_owner")


def test_settled_server_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    change = found(monkeypatch, role(), {"archive": SETTLED}, CLOSED)
    assert (change.changed, change.statements) == (False, ())


def test_fresh_server_gets_account_then_database_closed_to_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    change = found(monkeypatch, {}, {}, CLOSED)
    verbs = [text.split(" PASSWORD")[0][:40] for _, text in change.statements]
    assert verbs == [
        'CREATE ROLE "archive" LOGIN NOSUPERUSER ',
        'CREATE DATABASE "archive" OWNER "archive',
        'REVOKE ALL ON DATABASE "archive" FROM PU',
        "CREATE SCHEMA IF NOT EXISTS public; ALTE",
    ]


def test_changed_password_is_found_and_neither_it_nor_its_verifier_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    change = found(monkeypatch, role("earlier"), {"archive": SETTLED}, CLOSED)
    ((_, text),) = change.statements
    assert "wanted" not in text
    assert scram.matches("wanted", text.split("'")[1])
    assert "SCRAM" not in repr((change.before, change.after))


def test_account_that_may_more_loses_it_and_keeps_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    change = found(monkeypatch, role(privileges=[True, False, True, False, False, False]), {"archive": SETTLED}, CLOSED)
    ((_, text),) = change.statements
    assert "NOCREATEDB" in text
    assert "PASSWORD" not in text
    assert change.before["account archive"]["privileges"] == "canlogin, createdb"


@pytest.mark.parametrize(
    ("row", "schema", "statement"),
    [
        ({**SETTLED, "owner": "postgres"}, CLOSED, 'ALTER DATABASE "archive" OWNER TO "archive"'),
        ({**SETTLED, "public": True}, CLOSED, 'REVOKE ALL ON DATABASE "archive" FROM PUBLIC'),
    ],
)
def test_each_drift_has_its_one_statement(
    monkeypatch: pytest.MonkeyPatch, row: dict[str, Any], schema: tuple[str, str], statement: str
) -> None:
    assert found(monkeypatch, role(), {"archive": row}, schema).statements == (("postgres", statement),)


def test_open_public_schema_is_closed_in_its_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    ((database, text),) = found(monkeypatch, role(), {"archive": SETTLED}, ("true", "postgres")).statements
    assert database == "archive"
    assert text.endswith("REVOKE ALL ON SCHEMA public FROM PUBLIC")


def test_database_in_another_encoding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NodeError) as caught:
        found(monkeypatch, role(), {"archive": {**SETTLED, "encoding": "SQL_ASCII"}}, CLOSED)
    assert caught.value.facts[:3] == ("GW409", "databases.archive.encoding", "SQL_ASCII")


def test_missing_secret_is_refused_by_its_name() -> None:
    with pytest.raises(NodeError) as caught:
        databases.plan(5432, [ARCHIVE], {}, predict=True)
    assert caught.value.facts == (
        "GW107",
        "secrets.archive_password",
        "archive",
        "Put archive_password into the vault.",
    )
