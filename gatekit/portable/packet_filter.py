"""One nftables table of ours, loaded so that a mistake cannot lock us out.

arm: starts a transient timer that puts the old file and the old table back, then loads the new rules.
confirm: called over a *new* connection, stops the timer and records what is loaded. When nobody
confirms in time, the node undoes it by itself. Tables of others are never touched.
"""

from __future__ import annotations

import difflib
import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from . import checkers, files, undo_timer
from .changes import Change
from .commands import available, run
from .errors import NodeError
from .files import FileChange, FileSpec

__all__ = ["FilterChange", "FilterSpec", "arm", "confirm", "pending", "plan", "take_back", "turn"]

UNDO_UNIT = "gatekit-packet-filter-undo"
_UNDO_DIRECTORY = "/run/gatekit/packet_filter"
_RECORD_DIRECTORY = "/var/lib/gatekit"


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """The rules file and the one table it defines, e.g. ``inet gatekit``."""

    path: str
    content: str
    table: str
    undo_after_s: int = 60


@dataclass(frozen=True)
class FilterChange(Change):
    """The rules file's change and whether the loaded table is the one we recorded."""

    file: FileChange
    loaded: str | None


def _record(table: str) -> Path:
    return Path(_RECORD_DIRECTORY) / f"packet_filter.{table.replace(' ', '_')}.nft"


def loaded_rules(table: str) -> str | None:
    """Return the table as the kernel holds it, without counters; None when it is not there."""
    if not available("nft"):
        return None
    outcome = run(["nft", "--stateless", "list", "table", *table.split()])
    if outcome.status != 0 and "No such file or directory" not in outcome.error:
        raise NodeError(
            "GW404", f"packet_filter.{table}", outcome.reason, "Run the task with become; NET_ADMIN is needed."
        )
    return outcome.output if outcome.status == 0 else None


def plan(spec: FilterSpec, *, predict: bool) -> FilterChange:
    """Return the change; the rules are judged by ``nft --check`` and nothing is loaded.

    Raises:
        NodeError: GW419 when nft refuses the rules, GW407 when nft is missing outside check mode.
    """
    file_change = files.plan((FileSpec(spec.path, content=spec.content, checker="nft --check --file %s"),), {})
    checkers.check(file_change, {}, predict=predict)
    now = loaded_rules(spec.table)
    record = _record(spec.table)
    recorded = record.read_text() if record.exists() else None
    as_left = "loaded" if now == recorded else "not as we left it"
    before = {"table": "absent" if now is None else as_left, **file_change.before}
    by_hand = _by_hand(recorded, now)
    if by_hand:
        before["changed by hand"] = by_hand
    return FilterChange(before, {"table": "loaded", **file_change.after}, file_change, now)


def _by_hand(recorded: str | None, now: str | None) -> list[str]:
    """Return the lines of the loaded table that came (``+``) and went (``-``) since we recorded it."""
    if recorded is None or now is None:
        return []
    lines = difflib.unified_diff(recorded.splitlines(), now.splitlines(), n=0, lineterm="")
    return [f"{line[0]} {line[1:].strip()}" for line in lines if line[:3] not in ("+++", "---", "@@ ")]


def pending() -> bool:
    """Return whether an undo timer runs: rules are loaded that nobody has confirmed."""
    return undo_timer.waits(UNDO_UNIT)


def turn(spec: FilterSpec) -> AbstractContextManager[None]:
    """Return the context in which rules are planned and armed; NodeError GW413 as ``undo_timer.turn``."""
    return undo_timer.turn(UNDO_UNIT, Path(_UNDO_DIRECTORY), f"packet_filter.{spec.table}", spec.undo_after_s)


def arm(change: FilterChange, spec: FilterSpec) -> None:
    """Start the undo timer, then write and load the new rules.

    Raises:
        NodeError: GW413 when an earlier change still waits for its undo, GW420 when the timer cannot
            be started (nothing was loaded then), GW419 when the kernel refuses the rules (undone).
    """
    if pending():
        fix = "Wait until the earlier change is undone by its timer, then run again."
        raise NodeError("GW413", f"packet_filter.{spec.table}", UNDO_UNIT, fix)
    script = _write_undo(change, spec)
    started = run(
        [
            "systemd-run",
            "--collect",
            f"--unit={UNDO_UNIT}",
            f"--on-active={spec.undo_after_s}",
            "--timer-property=AccuracySec=1s",
            "/bin/sh",
            script,
        ]
    )
    if started.status != 0:
        raise NodeError("GW420", f"units.{UNDO_UNIT}", started.reason, "Nothing was loaded; look whether systemd runs.")
    try:
        files.apply(change.file, {})
        outcome = run(["nft", "--file", spec.path])
        if outcome.status != 0:
            raise NodeError("GW419", spec.path, outcome.reason, "The kernel refused it; the old rules are back.")
    except NodeError:
        _undo_now()
        raise


def _write_undo(change: FilterChange, spec: FilterSpec) -> str:
    """Write the undo script and what it needs; return its path."""
    directory = Path(_UNDO_DIRECTORY)
    if directory.exists():
        shutil.rmtree(directory)
    directory.mkdir(mode=0o700, parents=True)
    old_rules, old_file, script = directory / "table.nft", directory / "file.nft", directory / "undo.sh"
    old_rules.write_text(f"table {spec.table}\ndelete table {spec.table}\n{change.loaded or ''}")
    restore = f"rm -f {spec.path}"
    if change.file.changed and change.file.found[spec.path].kind == "file":
        shutil.copy2(spec.path, old_file)
        restore = f"cp -p {old_file} {spec.path}.undo && mv {spec.path}.undo {spec.path}"
    elif not change.file.changed:
        restore = ":"
    script.write_text(f"set -eu\nnft --file {old_rules}\n{restore}\nrm -rf {directory}\n")
    return str(script)


def take_back() -> None:
    """Put the old rules back now and stop the timer; nothing when no change waits for its confirmation."""
    if pending():
        _undo_now()


def _undo_now() -> None:
    outcome = run(["/bin/sh", f"{_UNDO_DIRECTORY}/undo.sh"])
    run(["systemctl", "stop", f"{UNDO_UNIT}.timer"])
    if outcome.status != 0:
        raise NodeError("GW420", "packet_filter.undo", outcome.reason, f"Run sh {_UNDO_DIRECTORY}/undo.sh by hand.")


def confirm(table: str) -> None:
    """Stop the undo timer and record the loaded table.

    Raises:
        NodeError: GW402 when the undo has run already, GW420 when the timer cannot be stopped.
    """
    if not pending():
        fix = "No new connection came in time, so the node put the old rules back; correct the flow matrix."
        raise NodeError("GW402", f"packet_filter.{table}", "undone by its timer", fix)
    stopped = run(["systemctl", "stop", f"{UNDO_UNIT}.timer"])
    if stopped.status != 0:
        raise NodeError("GW420", f"units.{UNDO_UNIT}", stopped.reason, "Stop the timer by hand before it undoes.")
    record = _record(table)
    entries = (
        FileSpec(str(record.parent), "directory", mode="0755"),
        FileSpec(str(record), content=loaded_rules(table) or "", mode="0600"),
    )
    files.apply(files.plan(entries, {}), {})
    shutil.rmtree(_UNDO_DIRECTORY)
