"""One database from a dump: brought up beside the present one, and exchanged only when it is whole."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import commands
from ..changes import Change
from ..errors import NodeError
from .connection import Connection, identifier, literal

__all__ = ["Restore", "RestoreChange", "apply", "newest_dump", "plan", "stamp_of"]

_RESTORE_TIMEOUT_S = 6 * 3600
_LEAVING_S = 15  # the server notices within 5 s that a client is gone (client_connection_check_interval)
_CREATED = re.compile(r"^;\s+Archive created at (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Restore:
    """Which dump goes into which database; ``consent`` is the database's name, typed by a person."""

    port: int
    database: str
    owner: str
    dump: str
    programs: str
    consent: str


@dataclass(frozen=True)
class RestoreChange(Change):
    """The exchange of the present content for that of the dump."""


def newest_dump(folder: str, database: str) -> str:
    """Return the path of the newest dump of the database.

    Raises:
        NodeError: GW407 when there is none.
    """
    found = sorted((Path(folder) / "dumps").glob(f"{database}-*.dump"))
    if not found:
        raise NodeError("GW407", f"restore.{database}", folder, "There is no dump of it; name one by its path.")
    return str(found[-1])


def stamp_of(restore: Restore) -> str:
    """Return when the dump was made, by its own words; it is read to its table of contents.

    Raises:
        NodeError: GW407 no such file or no dump of this database.
    """
    path = f"restore.{restore.database}"
    outcome = _as_server((f"{restore.programs}/pg_restore", "--list", restore.dump))
    if outcome.status != 0:
        raise NodeError("GW407", path, outcome.reason, "Name a whole dump (pg_restore --list reads it).")
    if f"dbname: {restore.database}\n" not in outcome.output:
        raise NodeError(
            "GW407", path, restore.dump, f"It is a dump of another database; name one of {restore.database}."
        )
    created = _CREATED.search(outcome.output)
    return created.group(1) if created else "an unknown time"


def _as_server(words: Sequence[str], timeout_s: float = 60) -> commands.Outcome:
    return commands.run(("runuser", "-u", "postgres", "--", *words), timeout_s=timeout_s)


def plan(restore: Restore) -> RestoreChange:
    """Return the exchange; nothing is touched.

    Raises:
        NodeError: GW408 without consent or while the database is in use, GW407 for a dump that does not fit.
    """
    path = f"restore.{restore.database}"
    if restore.consent != restore.database:
        fix = f"Everything written since the dump is lost. Set the consent to {restore.database} when that may be."
        raise NodeError("GW408", path, restore.consent or "no consent", fix)
    made = stamp_of(restore)
    deadline = time.monotonic() + _LEAVING_S
    while (users := _users(restore)) and time.monotonic() < deadline:
        time.sleep(0.5)
    if users:
        raise NodeError("GW408", path, users, "Stop the services that use it first.")
    shown = f"database {restore.database}"
    return RestoreChange({shown: "its present content"}, {shown: f"as dumped at {made}"})


def _users(restore: Restore) -> str:
    query = (
        "select coalesce(string_agg(distinct usename || ' (' || application_name || ')', ', '), '')"  # noqa: S608 - quoted by literal() and identifier()
        f" from pg_stat_activity where datname = {literal(restore.database)} and backend_type = 'client backend'"
    )
    with Connection(restore.port, "postgres") as session:
        ((users,),) = session.query(query)
    return users or ""


def apply(restore: Restore) -> None:
    """Restore beside the present database, then exchange the two in one transaction and drop the old one.

    Raises:
        NodeError: GW410 when the dump does not come in whole; the present database is untouched then.
            GW413 when somebody connected meanwhile.
    """
    new, old = f"{restore.database}_restoring", f"{restore.database}_replaced"
    present = identifier(restore.database)
    with Connection(restore.port, "postgres", timeout_s=_RESTORE_TIMEOUT_S) as session:
        for left_over in (new, old):
            session.query(f"DROP DATABASE IF EXISTS {identifier(left_over)} WITH (FORCE)")
        text = (
            f"CREATE DATABASE {identifier(new)} OWNER {identifier(restore.owner)} TEMPLATE template0 ENCODING 'UTF8' "
        )
        session.query(text + "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8'")
        _fill(restore, new, session)
        exists = session.query(f"select 1 from pg_database where datname = {literal(restore.database)}")  # noqa: S608 - quoted by literal() and identifier()
        away = f"ALTER DATABASE {present} RENAME TO {identifier(old)}; " if exists else ""
        try:
            session.query(f"BEGIN; {away}ALTER DATABASE {identifier(new)} RENAME TO {present}; COMMIT")
        except NodeError as err:
            raise NodeError("GW413", err.path, err.value, "Stop the services that use it, then run again.") from err
        session.query(f"DROP DATABASE IF EXISTS {identifier(old)} WITH (FORCE)")


def _fill(restore: Restore, new: str, session: Connection) -> None:
    session.query(f"REVOKE ALL ON DATABASE {identifier(new)} FROM PUBLIC")
    words = (f"{restore.programs}/pg_restore", "--port", str(restore.port), "--dbname", new, "--exit-on-error")
    outcome = _as_server((*words, restore.dump), _RESTORE_TIMEOUT_S)
    if outcome.status != 0:
        session.query(f"DROP DATABASE {identifier(new)} WITH (FORCE)")
        fix = "The present database is untouched. Take an older dump."
        raise NodeError("GW410", f"restore.{restore.database}", outcome.reason, fix)
    # Without statistics the first queries of the archive read whole tables.
    with Connection(restore.port, new, timeout_s=_RESTORE_TIMEOUT_S) as inside:
        inside.query("ANALYZE")
