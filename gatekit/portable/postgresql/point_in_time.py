"""The whole cluster as it was at a moment: a base backup and the archived log up to it.

The present data folder is moved aside, not removed; when the recovery does not succeed it is put back.
"""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import commands
from ..changes import Change
from ..errors import NodeError
from .connection import Connection, available, literal

__all__ = ["Moment", "MomentChange", "apply", "plan"]

_RECOVERY_TIMEOUT_S = 4 * 3600
_ARCHIVED_TIMEOUT_S = 120
_SETTINGS = ("restore_command", "recovery_target_time", "recovery_target_action")


@dataclass(frozen=True, slots=True)
class Moment:
    """Which cluster goes back to when; ``consent`` is the same moment again, typed by a person."""

    port: int
    unit: str
    folder: str  # of the backups
    data: str
    moment: str  # ISO 8601 with offset
    consent: str


@dataclass(frozen=True)
class MomentChange(Change):
    """The way back: the base backup it begins with."""

    base: str


def plan(wanted: Moment) -> MomentChange:
    """Return which base backup the way begins with; nothing is touched.

    Raises:
        NodeError: GW104 not a moment, GW408 no consent, GW407 no base backup before it or a gap in the log.
    """
    at = _parsed(wanted.moment)
    if wanted.consent != wanted.moment:
        fix = "All databases lose what was written since then. Set the consent to the same moment when that may be."
        raise NodeError("GW408", "restore.moment", wanted.consent or "no consent", fix)
    bases = sorted((Path(wanted.folder) / "base").glob("[0-9]*/FIRST_SEGMENT"))
    fitting = [path for path in bases if path.stat().st_mtime <= at.timestamp()]
    if at > datetime.now(UTC) or not fitting:
        made = [datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds") for path in bases]
        fix = f"Name a moment between the oldest base backup and now; there are {', '.join(made) or 'none'}."
        raise NodeError("GW407", "restore.moment", wanted.moment, fix)
    _refuse_gap(wanted, fitting[-1], at)
    state = "every database"
    return MomentChange({state: "present content"}, {state: f"as of {wanted.moment}"}, str(fitting[-1].parent))


def _parsed(moment: str) -> datetime:
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as err:
        raise NodeError("GW104", "restore.moment", moment, "Write it as 2026-11-23T09:30:00+09:00.") from err
    if at.tzinfo is None:
        raise NodeError("GW104", "restore.moment", moment, "Add the offset, such as +09:00.")
    return at


def _refuse_gap(wanted: Moment, base: Path, at: datetime) -> None:
    first = base.read_text(encoding="ascii").strip()[8:24]
    for gap in (Path(wanted.folder) / "wal").glob("GAP-*"):
        if gap.name.removeprefix("GAP-")[8:24] >= first and gap.stat().st_mtime <= at.timestamp():
            fix = f"The disk of the backups was full then: only moments before {gap.name} can be restored."
            raise NodeError("GW407", "restore.moment", wanted.moment, fix)


def apply(wanted: Moment, change: MomentChange) -> str:
    """Bring the cluster back and return the folder the present data were moved to.

    Raises:
        NodeError: GW420 when the recovery does not reach the moment; the present data are in place again then.
    """
    if available(wanted.port):
        _archive_the_rest(wanted)
    _systemctl("stop", wanted.unit)
    new, old = f"{wanted.data}.restoring", f"{wanted.data}.before-{int(time.time())}"
    shutil.rmtree(new, ignore_errors=True)
    _unpack(wanted, change.base, new)
    os.rename(wanted.data, old)
    os.rename(new, wanted.data)
    try:
        _systemctl("start", wanted.unit)
        _await_end(wanted)
    except NodeError:
        _systemctl("stop", wanted.unit)
        shutil.rmtree(wanted.data)
        os.rename(old, wanted.data)
        _systemctl("start", wanted.unit)
        raise
    return old


def _archive_the_rest(wanted: Moment) -> None:
    """Have the log up to now archived: the moment may be a minute ago."""
    with Connection(wanted.port, "postgres") as session:
        session.query("select pg_create_restore_point('gatekit')")  # a segment without a record is not switched
        ((name,),) = session.query("select pg_walfile_name(pg_switch_wal())")
    deadline = time.monotonic() + _ARCHIVED_TIMEOUT_S
    while not (Path(wanted.folder) / "wal" / f"{name}.gz").exists():
        if time.monotonic() > deadline:
            raise NodeError("GW402", "restore.moment", f"{name} is not archived", "Look at the server's journal.")
        time.sleep(0.2)


def _unpack(wanted: Moment, base: str, new: str) -> None:
    for name, target in (("base.tar.gz", new), ("pg_wal.tar.gz", f"{new}/pg_wal")):
        Path(target).mkdir(mode=0o700, exist_ok=True)
        shutil.chown(target, "postgres", "postgres")
        outcome = commands.run(["tar", "-xzpf", f"{base}/{name}", "-C", target], timeout_s=_RECOVERY_TIMEOUT_S)
        if outcome.status != 0:
            raise NodeError("GW410", base, outcome.reason, "Take an older base backup: name an earlier moment.")
    wal = f"{wanted.folder}/wal"
    values = (f"gzip -dc {wal}/%f.gz > %p", wanted.moment, "promote")
    lines = [f"{name} = {literal(value)}\n" for name, value in zip(_SETTINGS, values, strict=True)]
    with (Path(new) / "postgresql.auto.conf").open("a", encoding="utf-8") as stream:
        stream.writelines(lines)
    signal = Path(new) / "recovery.signal"
    signal.touch(mode=0o600)
    shutil.chown(signal, "postgres", "postgres")


def _await_end(wanted: Moment) -> None:
    deadline = time.monotonic() + _RECOVERY_TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            with Connection(wanted.port, "postgres") as session:
                if session.query("select pg_is_in_recovery()") == [("f",)]:
                    for name in _SETTINGS:
                        session.query(f"ALTER SYSTEM RESET {name}")
                    break
        except NodeError:
            _refuse_stopped(wanted)
        time.sleep(0.3)
    else:
        raise NodeError("GW420", f"units.{wanted.unit}", "still recovering", "The earlier data are in place again.")
    _systemctl("restart", wanted.unit)  # the settings of a recovery leave the server only so


def _refuse_stopped(wanted: Moment) -> None:
    outcome = commands.run(["systemctl", "show", "--value", "--property", "ActiveState,NRestarts", "--", wanted.unit])
    words = outcome.output.split()
    if "failed" in words or (len(words) > 1 and int(words[-1] if words[-1].isdigit() else words[0]) > 3):
        fix = "The earlier data are in place again. Read the server's own log; name another moment."
        raise NodeError("GW420", f"units.{wanted.unit}", " ".join(words), fix)


def _systemctl(verb: str, unit: str) -> None:
    outcome = commands.run(["systemctl", verb, "--", unit], timeout_s=600)
    if outcome.status != 0:
        raise NodeError("GW420", f"units.{unit}", outcome.reason, f"Read its journal: journalctl -u {unit}.")
