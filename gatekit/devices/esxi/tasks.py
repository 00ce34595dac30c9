"""Waits for tasks of the host, many at once, each with a deadline of our own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gatekit.devices.esxi.faults import translate
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError

__all__ = ["Started", "finish"]

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Started:
    """A task that was started: what for, and the host's object."""

    what: str
    task: Ref


def finish(
    session: Session, started: list[Started], deadline_s: float, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Wait until every task has ended, the failed ones included.

    Raises:
        DeviceError: the meaning of the first failed task's fault, when all have ended; GW402 when
            one has not ended within the deadline.
    """
    waiting = list(started)
    failed: dict[str, DeviceError] = {}
    end, pause_s = time.monotonic() + deadline_s, FIRST_PAUSE_S
    while waiting:
        ended = _ended(session, waiting, failed)
        waiting = [entry for entry in waiting if entry not in ended]
        if not waiting:
            break
        if time.monotonic() > end:
            names = ", ".join(entry.what for entry in waiting)
            raise DeviceError("GW402", f"{session.name}.tasks", names, "Look at the host's task list, then run again.")
        sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
    for entry in started:
        if entry.what in failed:
            raise failed[entry.what]


def _ended(session: Session, waiting: list[Started], failed: dict[str, DeviceError]) -> list[Started]:
    by_task = {str(entry.task): entry for entry in waiting}
    refs = [entry.task for entry in waiting]
    ended = []
    for ref, reading in session.properties("tasks", vim.Task, refs, ("info.state", "info.error")):
        entry = by_task[str(ref)]
        state = str(reading.get("info.state"))
        if state == "error":
            fault: Any = reading.get("info.error")
            failed[entry.what] = translate(fault, f"{session.name}.{entry.what}")
        if state in {"success", "error"}:
            log.info("%s: %s: %s", session.name, entry.what, state)
            ended.append(entry)
    return ended
