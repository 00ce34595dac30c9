"""The archive's tables in PostgreSQL: made once, all of them or none, and never touched again.

They are there when the marker table is. A schema that is half there cannot come from us (one transaction), so it
is refused rather than repaired: studies may hang on it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..changes import Change
from ..errors import NodeError

__all__ = ["Schema", "SchemaChange", "apply", "plan"]

ABSENT = "absent"
_TIMEOUT_S = 300
_COUNTS = (
    "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'r' AND relname = '{marker}')"
    " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
)


@dataclass(frozen=True)
class Schema:
    """Which files make the tables of which database; ``marker`` is a table the first file makes."""

    database: str
    owner: str
    files: tuple[str, ...]
    marker: str


@dataclass(frozen=True)
class SchemaChange(Change):
    """Whether the tables have to be made."""

    schema: Schema


def plan(schema: Schema, *, predict: bool) -> SchemaChange:
    """Return the change.

    ``predict``: in check mode a database that is not there yet counts as one without tables.

    Raises:
        NodeError: GW409 tables of another hand, GW402 PostgreSQL does not answer.
    """
    done = _psql(schema.database, (_COUNTS.format(marker=schema.marker),))
    if done.returncode != 0:
        if predict:
            return _change(schema, tables=0)
        fix = "Look at PostgreSQL's journal, and whether the database is there."
        raise NodeError("GW402", f"postgresql.{schema.database}", _reason(done), fix)
    tables, marked = (int(number) for number in done.stdout.strip().split("|"))
    if tables and not marked:
        fix = (
            f"Move these tables out of the database's schema public; the archive wants it for itself ({tables} found)."
        )
        raise NodeError("GW409", f"postgresql.{schema.database}", f"no table {schema.marker}", fix)
    return _change(schema, tables=tables)


def _change(schema: Schema, *, tables: int) -> SchemaChange:
    made = {schema.database: "tables of the distribution"}
    return SchemaChange(made if tables else {schema.database: ABSENT}, made, schema)


def apply(change: SchemaChange) -> None:
    """Make the tables in one transaction, as the database's owner.

    Raises:
        NodeError: GW407 a file is missing, GW406 PostgreSQL refused a statement; nothing is left behind then.
    """
    schema = change.schema
    # Read here: the account that runs psql may not read where the distribution stands.
    statements = [f'SET ROLE "{schema.owner}";', *_texts(schema)]
    done = _psql(schema.database, (), "\n".join(statements))
    if done.returncode != 0:
        raise NodeError("GW406", f"postgresql.{schema.database}", _reason(done), "Nothing was made; read its words.")


def _texts(schema: Schema) -> Iterator[str]:
    for name in schema.files:
        try:
            yield Path(name).read_text(encoding="utf-8").replace("\r\n", "\n")  # as packed for Windows
        except OSError as error:
            raise NodeError("GW407", name, error.strerror or str(error), "Unpack the distribution again.") from error


def _psql(database: str, questions: tuple[str, ...], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run psql as the server's own account over its socket; no password is needed or read."""
    command = ["runuser", "--user", "postgres", "--", "psql", "-X", "-q", "-A", "-t", "-w", "-d", database]
    command += ["-v", "ON_ERROR_STOP=1", *(part for question in questions for part in ("-c", question))]
    command += [] if questions else ["-1", "-f", "-"]
    settings: Mapping[str, str] = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"}
    try:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            env=dict(settings),
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        fix = "Look at its load; nothing was made."
        raise NodeError("GW402", f"postgresql.{database}", f"no end within {_TIMEOUT_S} s", fix) from error


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    return "\n".join(done.stderr.strip().splitlines()[-4:])
