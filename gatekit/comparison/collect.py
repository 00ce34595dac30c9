"""From the results of Ansible's tasks in check mode to what was found: the one place that knows how they look."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from gatekit.comparison.model import Comparison, DeviceFinding, Difference, Finding

STEPS = ("lines", "changes", "commands")
"""Names under which our modules say what they send or do."""
HEAD_LINES = 2
"""What ``difflib`` writes above a difference: the names of the two sides."""

type Result = Mapping[str, Any]


class Collector:
    """Takes results as they come; ``comparison`` may be asked for at any time."""

    def __init__(self, listed: Comparison) -> None:
        self._listed = listed
        self._devices = {device.name: device for device in listed.devices}

    @property
    def comparison(self) -> Comparison:
        """Return what is known by now."""
        return self._listed.model_copy(update={"devices": tuple(self._devices.values())})

    def take(self, name: str, task: str, result: Result) -> None:
        """Note what one task would change on a device; a device that is not ours is left out."""
        device = self._devices.get(name)
        if device is None or device.finding in (Finding.REFUSED, Finding.BY_VENDOR):
            return
        differs = bool(result.get("changed")) or device.finding is Finding.DIFFERS
        device = device.model_copy(update={"finding": Finding.DIFFERS if differs else Finding.AS_PLANNED})
        self._devices[name] = _joined(device, task, result) if result.get("changed") else device

    def refuse(self, name: str, task: str, result: Result) -> None:
        """Note that a device must not be changed like this, and in whose words; what fails after it follows from it."""
        device = self._devices.get(name)
        if device is None or device.finding is Finding.REFUSED:
            return
        reason = " ".join(str(result.get("msg") or "the result is hidden").split())
        refused = {"finding": Finding.REFUSED, "reason": f"{task}: {reason}"}
        self._devices[name] = device.model_copy(update=refused)


def _joined(device: DeviceFinding, task: str, result: Result) -> DeviceFinding:
    parts = [part for part in result.get("results", [result]) if part.get("changed")]
    said = [bool(part["interrupts"]) for part in parts if part.get("interrupts") is not None]
    known = said if device.interrupts is None else [device.interrupts, *said]
    return device.model_copy(
        update={
            "differences": (*device.differences, *(row for part in parts for row in _differences(task, part))),
            "steps": (*device.steps, *(step for part in parts for step in _steps(part))),
            "interrupts": any(known) if known else None,
            "touches": tuple(sorted({*device.touches, *(one for part in parts for one in part.get("touches", ()))})),
            "seen": str(next((part["seen"] for part in parts if part.get("seen")), device.seen)),
        }
    )


def _steps(result: Result) -> tuple[str, ...]:
    return tuple(str(line) for name in STEPS for line in result.get(name) or ())


def _differences(task: str, result: Result) -> Iterator[Difference]:
    """Yield a row for each place the task shows; one without lines where it shows none."""
    shown = result.get("diff") or ()
    rows = [shown] if isinstance(shown, Mapping) else list(shown)
    found = [Difference(subject=task, where=_where(row), lines=tuple(changed_lines(row))) for row in rows]
    yield from [row for row in found if row.lines] or [Difference(subject=task, where="", lines=())]


def _where(row: Result) -> str:
    return str(row.get("after_header") or row.get("before_header") or "")


def changed_lines(row: Result) -> Iterator[str]:
    """Yield the lines of one of Ansible's diffs that go (``-``) and come (``+``), without context."""
    if "prepared" in row:
        found = str(row["prepared"]).splitlines()
        lines = iter([line for line in found if line.split(" ", 1)[0] not in ("+++", "---")])
    else:
        before, after = (str(row.get(side) or "").splitlines() for side in ("before", "after"))
        lines = islice(difflib.unified_diff(before, after, n=0, lineterm=""), HEAD_LINES, None)
    yield from (line for line in lines if line[:1] in ("+", "-"))
