"""systemd units as they have to be: one observation for all of them, one change set, one proof.

A unit that reads files (``reads``) is restarted or reloaded when one of them is newer than its last
start or reload. That is seen on the node, not remembered: a run that was cut between writing a file and
restarting its daemon is healed by the next run.

A unit can be ``conditional``: systemd may leave it alone because a Condition of the unit does not hold
(chrony without CAP_SYS_TIME in a container). That counts as reached, and is reported.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from .changes import Change
from .commands import run
from .errors import NodeError

__all__ = ["UnitChange", "UnitFound", "UnitSpec", "apply", "observe", "plan"]

Enablement = Literal["enabled", "disabled", "masked", "unmanaged"]
Activity = Literal["running", "stopped", "restarted", "reloaded", "unmanaged"]

_PROPERTIES = (
    "LoadState",
    "UnitFileState",
    "ActiveState",
    "NeedDaemonReload",
    "ConditionResult",
    "ConditionTimestampMonotonic",
    "StateChangeTimestampMonotonic",
    "Result",
)
_START_TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """One unit as it has to be; ``restarted`` and ``reloaded`` act on every call (handlers).

    ``reads`` are files the unit has to have read in their present form, by ``rereads``.
    """

    name: str
    enablement: Enablement = "unmanaged"
    activity: Activity = "unmanaged"
    conditional: bool = False
    reads: tuple[str, ...] = ()
    rereads: Literal["restarted", "reloaded"] = "restarted"


@dataclass(frozen=True, slots=True)
class UnitFound:
    """One unit as it is."""

    known: bool
    enablement: str  # UnitFileState in our words
    activity: Literal["running", "stopped"]
    skipped: bool  # systemd tried to start it and a condition did not hold
    stale: bool  # its file changed since systemd read it
    outdated: bool  # a file it reads is newer than its last start or reload
    detail: str  # for people: ActiveState and Result


@dataclass(frozen=True)
class UnitChange(Change):
    """The change of all units; ``specs`` are those that need something, in the order given."""

    specs: tuple[UnitSpec, ...]
    stale: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Return the units that change."""
        return tuple(spec.name for spec in self.specs)


def observe(specs: Iterable[UnitSpec]) -> dict[str, UnitFound]:
    """Return every unit as systemd knows it, from one call.

    Raises:
        NodeError: GW402 when systemd does not answer.
    """
    specs = tuple(specs)
    if not specs:
        return {}
    outcome = run(["systemctl", "show", "--property", ",".join(_PROPERTIES), "--", *(spec.name for spec in specs)])
    blocks = [block for block in outcome.output.strip().split("\n\n") if block]
    if outcome.status != 0 or len(blocks) != len(specs):
        raise NodeError("GW402", "units", outcome.reason, "Look whether systemd runs: systemctl is-system-running.")
    return {spec.name: _found(block, spec) for spec, block in zip(specs, blocks, strict=True)}


def _found(block: str, spec: UnitSpec) -> UnitFound:
    said = dict(line.split("=", 1) for line in block.splitlines())
    running = said["ActiveState"] in ("active", "activating", "reloading")
    tried = said["ConditionTimestampMonotonic"] not in ("", "0")
    return UnitFound(
        known=said["LoadState"] not in ("not-found", "error"),
        enablement=_enablement(said["UnitFileState"]),
        activity="running" if running else "stopped",
        skipped=tried and said["ConditionResult"] == "no" and not running,
        stale=said["NeedDaemonReload"] == "yes",
        outdated=running and _outdated(spec.reads, int(said["StateChangeTimestampMonotonic"] or 0)),
        detail=f"{said['ActiveState']}, result {said.get('Result', 'none')}",
    )


def _outdated(reads: tuple[str, ...], since_us: int) -> bool:
    """Return whether a file is newer than the unit's last change of state, on systemd's monotonic clock."""
    now = time.time()
    since = now - (time.monotonic() - since_us / 1_000_000)
    times = [os.stat(path).st_mtime for path in reads if os.path.exists(path)]
    # A file from the future (the clock was set back) would ask for a restart at every run.
    return any(since < changed <= now for changed in times)


def _enablement(state: str) -> str:
    """Return UnitFileState in our three words; what is neither (masked-runtime ...) stays as it is."""
    if state in ("", "indirect", "disabled"):
        return "disabled"
    return "enabled" if state in ("enabled", "alias", "linked") else state


def plan(
    specs: Iterable[UnitSpec], found: dict[str, UnitFound], *, predict: bool, changed_paths: Collection[str] = ()
) -> UnitChange:
    """Return what has to be done; nothing is touched.

    Args:
        specs: the units, each once.
        found: what observe said of the same units.
        predict: in check mode an unknown unit is one whose package or file comes first; in a real run
            it is an error when it has to be enabled or running.
        changed_paths: files that changed, or in check mode would have changed, earlier in this run.
    Raises:
        NodeError: GW407 unknown unit, GW111 a unit given twice.
    """
    specs = tuple(specs)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changing: list[UnitSpec] = []
    for spec in specs:
        now = found[spec.name]
        if [other.name for other in specs].count(spec.name) > 1:
            raise NodeError("GW111", "units.name", spec.name, "Give each unit once.")
        if (
            not now.known
            and not predict
            and (spec.enablement == "enabled" or spec.activity in ("running", "restarted"))
        ):
            raise NodeError("GW407", f"units.{spec.name}", spec.name, "Install the package that brings it first.")
        was, will = _states(spec, now, changed_paths)
        if was != will:
            changing.append(spec)
            before[spec.name], after[spec.name] = was, will
    stale = sorted(name for name, unit in found.items() if unit.stale)
    if stale:
        before["systemd"], after["systemd"] = {"older unit files of": stale}, {"older unit files of": []}
    return UnitChange(before, after, tuple(changing), len(stale) > 0)


def _states(spec: UnitSpec, now: UnitFound, changed_paths: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    was: dict[str, str] = {}
    will: dict[str, str] = {}
    fixed = now.enablement in ("static", "generated", "transient") and spec.enablement != "masked"
    if spec.enablement != "unmanaged" and not fixed:
        was["enablement"], will["enablement"] = now.enablement, spec.enablement
    if spec.activity != "unmanaged" and not (spec.conditional and now.skipped):
        was["activity"], will["activity"] = now.activity, spec.activity
        reread = now.outdated or any(path in changed_paths for path in spec.reads)
        if spec.activity == "running" and now.activity == "running" and reread:
            was["activity"], will["activity"] = "running with older files", spec.rereads
    return was, will


def apply(change: UnitChange) -> tuple[str, ...]:
    """Carry the change out and prove it; return the units systemd skipped for a condition.

    Raises:
        NodeError: GW420 when a unit does not reach its state, with systemd's own words.
    """
    if change.stale:
        _systemctl("daemon-reload", ())
    specs = change.specs
    hidden = tuple(
        s.name
        for s in specs
        if str(change.before[s.name].get("enablement", "")).startswith("masked") and s.enablement != "masked"
    )
    _systemctl("unmask", hidden)
    _systemctl("unmask", hidden, "--runtime")
    # A timer that is masked while it runs fails; so what has to stop stops first.
    _systemctl("stop", _going(change, "stopped"))
    for verb, wanted in (("enable", "enabled"), ("disable", "disabled"), ("mask", "masked")):
        _systemctl(verb, tuple(s.name for s in specs if s.enablement == wanted and _moves(change, s)))
    for verb, activity in (
        ("start", "running"),
        ("restart", "restarted"),
        ("reload-or-restart", "reloaded"),
    ):
        _systemctl(verb, _going(change, activity))
    return _prove(specs)


def _going(change: UnitChange, activity: str) -> tuple[str, ...]:
    """Return the units that are not in that activity and have to be; an unknown unit cannot even be stopped."""
    was, will = change.before, change.after
    return tuple(
        spec.name
        for spec in change.specs
        if will[spec.name].get("activity") == activity != was[spec.name].get("activity")
    )


def _moves(change: UnitChange, spec: UnitSpec) -> bool:
    return bool(change.before[spec.name].get("enablement") != change.after[spec.name].get("enablement"))


def _systemctl(verb: str, names: tuple[str, ...], *options: str) -> None:
    if not names and verb != "daemon-reload":
        return
    outcome = run(["systemctl", verb, *options, *(["--", *names] if names else [])], timeout_s=_START_TIMEOUT_S)
    if outcome.status != 0:
        fix = f"Read its journal: journalctl -u {names[0] if names else 'init.scope'}."
        raise NodeError("GW420", f"units.{','.join(names)}", outcome.reason, fix)


def _prove(specs: tuple[UnitSpec, ...]) -> tuple[str, ...]:
    found = observe(specs)
    skipped = []
    for spec in specs:
        now = found[spec.name]
        wanted = "stopped" if spec.activity == "stopped" else "running"
        if spec.activity == "unmanaged" or now.activity == wanted:
            continue
        if not (spec.conditional and now.skipped):
            raise NodeError("GW420", f"units.{spec.name}", now.detail, f"Read its journal: journalctl -u {spec.name}.")
        skipped.append(spec.name)
    return tuple(skipped)
