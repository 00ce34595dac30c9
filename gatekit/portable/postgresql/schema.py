"""A schema brought into a database exactly once, in one transaction, and recorded there with its sha256.

The record is a table of the server's account in a schema of its own (``gatekit``): it travels with every dump,
an application cannot rewrite it, and the application's own tables stay what its makers know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..changes import Change
from ..errors import NodeError
from .connection import Connection, available, identifier, literal

__all__ = ["Schema", "SchemaChange", "apply", "plan", "texts_of_files"]

_LOAD_TIMEOUT_S = 600
_RECORD = "gatekit.schema_version"
_ENDS_TRANSACTION = re.compile(
    r"^\s*(?:begin|start\s+transaction|commit|rollback|end|abort|savepoint|prepare\s+transaction|reset\s+role"
    r"|set\s+(?:local\s+|session\s+)?(?:role|session\s+authorization))\b[^;]*;",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"\$([A-Za-z_]*)\$.*?\$\1\$|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database has to have been given; ``texts`` with line ends of Unix."""

    database: str
    owner: str
    name: str
    version: str
    texts: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Return the digest over all texts, the same for either kind of line ends."""
        digest = hashlib.sha256()
        for text in self.texts:
            digest.update(len(text.encode()).to_bytes(8, "big") + text.encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class SchemaChange(Change):
    """Nothing, or the whole schema."""


def texts_of_files(folder: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of SQL files.

    Raises:
        NodeError: GW407 for a file that is missing, GW104 for one that is not UTF-8 or leads out of the folder.
    """
    return tuple(_text(folder, name) for name in names)


def _text(folder: str, name: str) -> str:
    root = Path(folder).resolve()
    path = (root / name).resolve()
    if not folder or not path.is_relative_to(root):
        raise NodeError("GW104", "files", name, "Name a file inside the folder.")
    try:
        return normal(path.read_bytes().decode())
    except UnicodeDecodeError as err:
        raise NodeError("GW104", "files", name, "Save it as UTF-8.") from err
    except OSError as err:
        raise NodeError("GW407", "files", name, f"Put it into {folder}.") from err


def normal(text: str) -> str:
    """Return the text with line ends of Unix."""
    return text.replace("\r\n", "\n")


def plan(port: int, schema: Schema, *, predict: bool) -> SchemaChange:
    """Return whether the schema has to be loaded.

    Raises:
        NodeError: GW409 when another version or another text is recorded, or tables stand there without a
            record; GW104 when a text ends the transaction itself; GW407 when there is no such database.
    """
    for text in schema.texts:
        ended = _ENDS_TRANSACTION.search(_QUOTED.sub(" ", text))
        if ended:
            fix = "Take it out: all texts are loaded in one transaction, as the database's owner."
            raise NodeError("GW104", f"schema.{schema.name}", " ".join(ended.group().split()), fix)
    wanted = {"version": schema.version, "sha256": schema.sha256}
    change = SchemaChange({}, {f"schema {schema.name} in {schema.database}": wanted})
    if predict and not _exists(port, schema.database):
        return change
    with Connection(port, schema.database) as session:
        found = _recorded(session, schema.name)
        if found is None:
            _refuse_foreign(session, schema)
            return change
    if predict and not schema.texts and found[0] == schema.version:  # its files are not on the node yet
        return SchemaChange(change.after, change.after)
    if found != (schema.version, schema.sha256):
        fix = "Load the update texts of its makers by hand, or restore the dump of the wanted version."
        raise NodeError("GW409", f"schema.{schema.database}.{schema.name}", " ".join(found), fix)
    return SchemaChange(change.after, change.after)


def _exists(port: int, database: str) -> bool:
    if not available(port):
        return False
    with Connection(port, "postgres") as session:
        return bool(session.query(f"select 1 from pg_database where datname = {literal(database)}"))  # noqa: S608 - our own table; values are quoted by literal()


def _recorded(session: Connection, name: str) -> tuple[str, str] | None:
    if session.query(f"select to_regclass({literal(_RECORD)})") == [(None,)]:
        return None
    rows = session.query(f"select version, sha256 from {_RECORD} where name = {literal(name)}")  # noqa: S608 - our own table; values are quoted by literal()
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def _refuse_foreign(session: Connection, schema: Schema) -> None:
    query = "select string_agg(tablename, ', ' order by tablename) from pg_tables where schemaname = 'public'"
    ((names,),) = session.query(query)
    recorded = session.query(f"select to_regclass({literal(_RECORD)})") != [(None,)]
    if names and not recorded:
        fix = "Somebody made these tables without a record. Move them away, or restore a dump that has the record."
        raise NodeError("GW409", f"schema.{schema.database}.{schema.name}", names[:200], fix)


def apply(port: int, schema: Schema) -> None:
    """Load all texts as the database's owner and record them, in one transaction.

    Raises:
        NodeError: GW406 with PostgreSQL's words, GW413 when somebody else loaded it meanwhile; in both cases
            nothing of it is in place.
    """
    with Connection(port, schema.database, timeout_s=_LOAD_TIMEOUT_S) as session:
        for text in _statements(schema):
            session.query(text)
            if not session.in_transaction:
                raise NodeError("GW406", f"schema.{schema.name}", "a text ended the transaction", "Take COMMIT out.")
        session.query("COMMIT")


def _statements(schema: Schema) -> Iterator[str]:
    yield "BEGIN"
    yield f"SELECT pg_advisory_xact_lock(hashtextextended({literal('gatekit.' + schema.name)}, 0))"
    yield (
        "CREATE SCHEMA IF NOT EXISTS gatekit; REVOKE ALL ON SCHEMA gatekit FROM PUBLIC; "
        f"CREATE TABLE IF NOT EXISTS {_RECORD} (name text PRIMARY KEY, version text NOT NULL, sha256 text NOT NULL, "
        "loaded_at timestamptz NOT NULL DEFAULT now())"
    )
    # First the record: a second loader waits here, then fails on the key before it touches a table.
    yield (
        f"INSERT INTO {_RECORD} (name, version, sha256) VALUES "  # noqa: S608 - our own table; values are quoted by literal()
        f"({literal(schema.name)}, {literal(schema.version)}, {literal(schema.sha256)})"
    )
    yield f"SET LOCAL ROLE {identifier(schema.owner)}"
    yield from schema.texts
    yield "RESET ROLE"
