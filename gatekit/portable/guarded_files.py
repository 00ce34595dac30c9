"""Files that bring our own way to the node up or down: routes, a tunnel. Written under an undo timer.

arm: keeps the old files, starts a transient timer that would put them back, writes the new ones and
loads them. confirm: called over a *new* connection, stops the timer. When nobody confirms in time, the
node puts the old files back and loads them, by itself.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from . import files, undo_timer
from .commands import available, run
from .errors import NodeError
from .files import FileChange

__all__ = [
    "GuardedSpec",
    "arm",
    "confirm",
    "interrupts",
    "pending",
    "refuse_interruption",
    "take_back",
    "turn",
]

_KEPT = Path("/run/gatekit/guarded_files")
_LOAD_TIMEOUT_S = 90


@dataclass(frozen=True, slots=True)
class GuardedSpec:
    """``name`` of the timer, the commands that load the files, in order, and one that shows who uses them.

    ``in_use``: a command that prints something exactly while traffic depends on what is loaded.
    """

    name: str
    load: tuple[tuple[str, ...], ...]
    in_use: tuple[str, ...] = ()
    undo_after_s: int = 60

    @property
    def unit(self) -> str:
        """Return the name of the transient unit, without suffix."""
        return f"gatekit-{self.name}-undo"

    @property
    def directory(self) -> Path:
        """Return where the old files are kept until the change is confirmed; private, gone with a reboot."""
        return _KEPT / self.name


def pending(spec: GuardedSpec) -> bool:
    """Return whether the undo timer runs: something is loaded that nobody has confirmed."""
    return undo_timer.waits(spec.unit)


def turn(spec: GuardedSpec) -> AbstractContextManager[None]:
    """Return the context in which a change is planned and armed; NodeError GW413 as ``undo_timer.turn``."""
    return undo_timer.turn(spec.unit, spec.directory, f"guarded_files.{spec.name}", spec.undo_after_s)


def interrupts(spec: GuardedSpec, change: FileChange) -> bool:
    """Return whether the change cuts somebody off for a moment: what is loaded is in use now."""
    in_use = change.changed and bool(spec.in_use) and available(spec.in_use[0])
    return in_use and bool(run(spec.in_use).output.strip())


def refuse_interruption(spec: GuardedSpec, change: FileChange, consent: str) -> None:
    """Let a change pass that interrupts nobody.

    Raises:
        NodeError: GW408 when what is loaded is in use; ``consent`` says how to allow it.
    """
    if interrupts(spec, change):
        raise NodeError("GW408", f"guarded_files.{spec.name}", " ".join(change.paths), consent)


def arm(spec: GuardedSpec, change: FileChange, secrets: Mapping[str, str]) -> None:
    """Start the undo timer, then write and load the new files.

    Raises:
        NodeError: GW413 when an earlier change still waits for its undo, GW420 when the timer cannot be
            started (nothing was written then) or a load command fails (undone), GW418 as ``files.apply``.
    """
    if pending(spec):
        fix = "Wait until the earlier change is undone by its timer, then run again."
        raise NodeError("GW413", f"guarded_files.{spec.name}", spec.unit, fix)
    script = _keep(spec, change)
    _start_timer(spec, script)
    try:
        files.apply(change, secrets)
        _load(spec)
    except NodeError:
        _undo_now(spec, script)
        raise


def confirm(spec: GuardedSpec) -> None:
    """Stop the undo timer and forget the old files.

    Raises:
        NodeError: GW402 when the undo has run already, GW420 when the timer cannot be stopped.
    """
    if not pending(spec):
        fix = "No new connection came in time, so the node put the old files back; correct the plan."
        raise NodeError("GW402", f"guarded_files.{spec.name}", "undone by its timer", fix)
    _stop_timer(spec)
    shutil.rmtree(spec.directory)


def take_back(spec: GuardedSpec) -> None:
    """Put the old files back now, load them and stop the timer; nothing when no change waits for its confirmation."""
    if pending(spec):
        _undo_now(spec, spec.directory / "undo.sh")


def _keep(spec: GuardedSpec, change: FileChange) -> Path:
    """Copy what is about to change and write the undo script; return its path."""
    if spec.directory.exists():
        shutil.rmtree(spec.directory)
    spec.directory.mkdir(mode=0o700, parents=True)
    steps = []
    for number, path in enumerate(change.paths):
        kept = spec.directory / f"file{number}"
        if change.found[path].kind == "file":
            shutil.copy2(path, kept)
            steps.append(f"cp -p {kept} {shlex.quote(path)}")
        else:
            steps.append(f"rm -f {shlex.quote(path)}")
    steps += [f"{shlex.join(command)} || status=1" for command in spec.load]
    script = spec.directory / "undo.sh"
    script.write_text("status=0\n" + "\n".join(steps) + f"\n[ $status = 0 ] && rm -rf {spec.directory}\nexit $status\n")
    return script


def _start_timer(spec: GuardedSpec, script: Path) -> None:
    options = (f"--unit={spec.unit}", f"--on-active={spec.undo_after_s}", "--timer-property=AccuracySec=1s")
    started = run(["systemd-run", "--collect", *options, "/bin/sh", str(script)])
    if started.status != 0:
        fix = "Nothing was written; look whether systemd runs."
        raise NodeError("GW420", f"units.{spec.unit}", started.reason, fix)


def _load(spec: GuardedSpec) -> None:
    for command in spec.load:
        outcome = run(command, timeout_s=_LOAD_TIMEOUT_S)
        if outcome.status != 0:
            fix = "The old files are back and loaded; read the journal of what was started."
            raise NodeError("GW420", f"guarded_files.{spec.name}", f"{shlex.join(command)}: {outcome.reason}", fix)


def _undo_now(spec: GuardedSpec, script: Path) -> None:
    """Put the old files back; what was not loaded before cannot be loaded again, which is no fault of the undo."""
    had_files = any(spec.directory.glob("file*"))
    outcome = run(["/bin/sh", str(script)], timeout_s=_LOAD_TIMEOUT_S)
    _stop_timer(spec)
    if outcome.status != 0 and had_files:
        raise NodeError("GW420", f"guarded_files.{spec.name}.undo", outcome.reason, f"Run sh {script} by hand.")


def _stop_timer(spec: GuardedSpec) -> None:
    stopped = run(["systemctl", "stop", f"{spec.unit}.timer"])
    if stopped.status != 0:
        raise NodeError("GW420", f"units.{spec.unit}", stopped.reason, "Stop the timer by hand before it undoes.")
