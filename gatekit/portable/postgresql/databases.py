"""Accounts and databases as they have to be: observed in one session each, decided, carried out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..changes import Change
from ..errors import NodeError
from . import scram
from .connection import Connection, available, identifier, literal

__all__ = ["Database", "DatabaseChange", "apply", "plan"]

_PRIVILEGES = ("rolcanlogin", "rolsuper", "rolcreatedb", "rolcreaterole", "rolreplication", "rolbypassrls")
_PLAIN_LOGIN = (True, False, False, False, False, False)
_LOGIN_OPTIONS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
_OBSERVE = f"""
select json_build_object(
  'roles', (select coalesce(json_object_agg(rolname, json_build_object('password', coalesce(rolpassword, ''),
      'privileges', json_build_array({", ".join(_PRIVILEGES)}),
      'groups', (select count(*) from pg_auth_members m where m.member = a.oid))), '{{}}') from pg_authid a),
  'databases', (select coalesce(json_object_agg(datname, json_build_object('owner', pg_get_userbyid(datdba),
      'encoding', pg_encoding_to_char(encoding), 'public', exists (select from
      aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0))), '{{}}')
      from pg_database where not datistemplate))
"""  # noqa: S608 - names of our own columns
_OBSERVE_SCHEMA = """
select exists (select from aclexplode(coalesce(nspacl, acldefault('n', nspowner))) where grantee = 0)::text,
       pg_get_userbyid(nspowner) from pg_namespace where nspname = 'public'
"""
_SCHEMA_OWNER = "pg_database_owner"  # whoever owns the database, since PostgreSQL 15


@dataclass(frozen=True, slots=True)
class Database:
    """One database and the account that owns it; ``credential`` names the secret that is its password."""

    name: str
    owner: str
    credential: str


@dataclass(frozen=True)
class DatabaseChange(Change):
    """Statements in order, each with the database it is for; they bear verifiers and are never shown."""

    statements: tuple[tuple[str, str], ...]


def plan(port: int, databases: Sequence[Database], secrets: Mapping[str, str], *, predict: bool) -> DatabaseChange:
    """Return what has to be created or altered; databases and accounts of others are left alone.

    Raises:
        NodeError: GW402 when the server does not answer (to predict, it is empty then), GW107 a secret not given,
            GW104 a password of the wrong form, GW409 a database in another encoding, GW111 a name given twice.
    """
    for database in databases:
        if database.credential not in secrets:
            fix = f"Put {database.credential} into the vault."
            raise NodeError("GW107", f"secrets.{database.credential}", database.owner, fix)
        if [other.name for other in databases].count(database.name) > 1:
            raise NodeError("GW111", "databases.name", database.name, "Give each database once.")
    found = {"roles": {}, "databases": {}} if predict and not available(port) else _observe(port)
    schemas = {row.name: _schema(port, row.name) for row in databases if row.name in found["databases"]}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    statements: list[tuple[str, str]] = []
    for owner, password in {row.owner: row.credential for row in databases}.items():
        _account(owner, password, secrets[password], found["roles"].get(owner), (before, after, statements))
    for database in databases:
        _database(database, found["databases"].get(database.name), schemas, (before, after, statements))
    return DatabaseChange(before, after, tuple(statements))


def _observe(port: int) -> dict[str, Any]:
    with Connection(port, "postgres") as session:
        ((text,),) = session.query(_OBSERVE)
    rows: dict[str, Any] = json.loads(text or "{}")
    return rows


def _schema(port: int, database: str) -> tuple[str, str]:
    with Connection(port, database) as session:
        rows = session.query(_OBSERVE_SCHEMA)
    return (str(rows[0][0]), str(rows[0][1])) if rows else ("absent", "")


_Sides = tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]


def _account(owner: str, secret: str, password: str, found: dict[str, Any] | None, sides: _Sides) -> None:
    before, after, statements = sides
    wanted = {"privileges": "login only", "password": "as given"}
    if found is None:
        new = scram.verifier(secret, password)
        after[f"account {owner}"] = wanted
        statements.append(("postgres", f"CREATE ROLE {identifier(owner)} {_LOGIN_OPTIONS} PASSWORD {literal(new)}"))
        return
    now = {
        "privileges": "login only" if tuple(found["privileges"]) == _PLAIN_LOGIN else _named(found["privileges"]),
        "password": "as given" if scram.matches(password, found["password"]) else "another, or none",
    }
    if now == wanted:
        return
    before[f"account {owner}"], after[f"account {owner}"] = now, wanted
    text = f"ALTER ROLE {identifier(owner)} {_LOGIN_OPTIONS}"
    if now["password"] != wanted["password"]:
        text += f" PASSWORD {literal(scram.verifier(secret, password))}"
    statements.append(("postgres", text))


def _named(flags: Sequence[bool]) -> str:
    return (
        ", ".join(name.removeprefix("rol") for name, given in zip(_PRIVILEGES, flags, strict=True) if given) or "none"
    )


def _database(
    wanted: Database, found: dict[str, Any] | None, schemas: Mapping[str, tuple[str, str]], sides: _Sides
) -> None:
    before, after, statements = sides
    key, name, owner = f"database {wanted.name}", identifier(wanted.name), identifier(wanted.owner)
    will = {"owner": wanted.owner, "everybody": "nothing", "schema public": f"of {_SCHEMA_OWNER}, closed"}
    now: dict[str, str] = {}
    if found is None:
        text = f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
        statements.append(("postgres", text + " BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'"))
    elif found["encoding"] != "UTF8":
        fix = "Dump it, drop it by hand, run again and restore; its encoding cannot be changed."
        raise NodeError("GW409", f"databases.{wanted.name}.encoding", found["encoding"], fix)
    else:
        public, schema_owner = schemas[wanted.name]
        now = {
            "owner": found["owner"],
            "everybody": "may connect" if found["public"] else "nothing",
            "schema public": f"of {schema_owner}, {'open' if public == 'true' else 'closed'}",
        }
    if now.get("owner", wanted.owner) != wanted.owner:
        statements.append(("postgres", f"ALTER DATABASE {name} OWNER TO {owner}"))
    if now.get("everybody") != will["everybody"]:
        statements.append(("postgres", f"REVOKE ALL ON DATABASE {name} FROM PUBLIC"))
    if now.get("schema public") != will["schema public"]:
        text = f"CREATE SCHEMA IF NOT EXISTS public; ALTER SCHEMA public OWNER TO {_SCHEMA_OWNER}; "
        statements.append((wanted.name, text + "REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    if now != will:
        after[key] = will
        if found is not None:
            before[key] = now


def apply(port: int, change: DatabaseChange) -> None:
    """Carry the statements out; each stands for itself, so a cut run is completed by the next.

    Raises:
        NodeError: GW406 with PostgreSQL's words.
    """
    for database, text in change.statements:
        with Connection(port, database) as session:
            session.query(text)
