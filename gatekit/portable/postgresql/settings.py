"""What the running server reads: judged by the server itself, reloaded when older than its files.

A setting that only a restart brings into force is never restarted for in silence: that cuts every session.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass

from .. import commands
from ..changes import Change
from ..errors import NodeError
from .connection import Connection, available

__all__ = ["Server", "SettingsChange", "apply", "plan"]

_FAULTS = """
select concat_ws(' ', sourcefile || ':' || sourceline, name, error) from pg_file_settings
 where error is not null and error <> 'setting could not be applied'
   and error not like '%cannot be changed without restarting the server'
union all select concat_ws(' ', file_name || ':' || line_number, error) from pg_hba_file_rules where error is not null
"""
# What the files say, against what is in force; the server itself marks a restart only after it read them.
_PENDING = "select coalesce(string_agg(name, ', ' order by name), '') from pg_settings where pending_restart"
_LOADED = "select extract(epoch from pg_conf_load_time())"
_RELOAD_TIMEOUT_S = 10
_RESTART_TIMEOUT_S = 300


@dataclass(frozen=True, slots=True)
class Server:
    """A cluster: its port, its unit, and the files it reads."""

    port: int
    unit: str
    reads: tuple[str, ...]
    may_restart: bool


@dataclass(frozen=True)
class SettingsChange(Change):
    """Whether the files have to be read again."""


def plan(server: Server, changed_paths: Collection[str], *, predict: bool) -> SettingsChange:
    """Return whether the server has to read its files again, or to restart for what it read earlier.

    Raises:
        NodeError: GW402 when the server does not answer, except to predict; GW419 when it refuses its own files.
    """
    ours = [path for path in server.reads if path in changed_paths]
    if predict and not available(server.port):
        return SettingsChange({}, {})  # it starts with them
    with Connection(server.port, "postgres") as session:
        if not predict:
            _refuse_faults(session)
        ((loaded,),) = session.query(_LOADED)
        ((waiting,),) = session.query(_PENDING)
    newer = [path for path in server.reads if os.path.exists(path) and os.stat(path).st_mtime > float(loaded or 0)]
    before: dict[str, object] = {}
    if newer or (predict and ours):
        before["older than"] = sorted({*newer, *ours})
    if waiting:
        before["waits for a restart"] = waiting
    return SettingsChange(before, {})


def _refuse_faults(session: Connection) -> None:
    faults = [str(row[0]) for row in session.query(_FAULTS)]
    if faults:
        raise NodeError("GW419", "postgresql.settings", "; ".join(faults), "Correct the plan or the template.")


def apply(server: Server) -> bool:
    """Make the server read its files; restart it when they need that and it is allowed. Return whether it restarted.

    Raises:
        NodeError: GW408 when a restart is needed and not allowed (the files stay; what can be reloaded is in force),
            GW402 when the server does not read them, GW420 when it does not come back.
    """
    with Connection(server.port, "postgres") as session:
        ((before,),) = session.query(_LOADED)
        session.query("select pg_reload_conf()")
        deadline = time.monotonic() + _RELOAD_TIMEOUT_S
        while session.query(_LOADED) == [(before,)]:
            if time.monotonic() > deadline:
                raise NodeError("GW402", "postgresql.settings", "not reloaded", f"journalctl -u {server.unit}")
            time.sleep(0.05)
        time.sleep(0.1)  # the postmaster has read them; each session does so at its next command
        ((waiting,),) = session.query(_PENDING)
    if not waiting:
        return False
    if not server.may_restart:
        fix = "It cuts every session for some seconds: run again with postgresql_allow_restart=true when that may be."
        raise NodeError("GW408", "postgresql.settings", f"needs a restart for {waiting}", fix)
    outcome = commands.run(["systemctl", "restart", "--", server.unit], timeout_s=_RESTART_TIMEOUT_S)
    if outcome.status != 0:
        raise NodeError("GW420", f"units.{server.unit}", outcome.reason, f"journalctl -u {server.unit}")
    return True
