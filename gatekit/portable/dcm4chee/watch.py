"""Brings the archive back when it cannot come back by itself: ``python3 -m gatekit_archive.dcm4chee.watch SETTINGS``.

The real archive, with PostgreSQL or slapd down at its start or gone later, stays FAILED until WildFly is
restarted, whatever its log says (archive reference). A timer runs this every few seconds: it asks as
``archive_ready`` does, and restarts WildFly when the archive does not work although both services answer,
WildFly has had its time to start, and the last restart is long enough ago. Each restart is one line in the journal.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import archive_ready

__all__ = ["Seen", "Settings", "main", "verdict"]

CONNECT_TIMEOUT_S = 3.0


@dataclass(frozen=True)
class Settings:
    """What is watched, in seconds and ports of loopback."""

    target: archive_ready.Target
    unit: str
    services: tuple[tuple[str, int], ...]  # name, port
    start_s: int  # a start takes this long at most
    patience_s: int  # it has to be down this long before anything is done
    pause_s: int  # between two restarts
    state: str  # file on a memory file system: it dies with the machine


@dataclass(frozen=True)
class Seen:
    """What one look found; times are seconds of the monotonic clock."""

    now_s: float
    running_since_s: float | None  # None: WildFly is not running, systemd's business
    faults: tuple[str, ...]
    missing: tuple[str, ...]  # services that do not answer
    failing_since_s: float | None
    restarted_s: float | None


def verdict(settings: Settings, seen: Seen) -> str:
    """Return ``well``, ``wait <reason>`` or ``restart``; pure."""
    if not seen.faults:
        return "well"
    if seen.running_since_s is None:
        return "wait: WildFly is not running"
    if seen.missing:
        return f"wait: {', '.join(seen.missing)} not answering"
    if seen.now_s - seen.running_since_s < settings.start_s and not _failed(seen.faults):
        return "wait: WildFly is starting"
    if seen.failing_since_s is None or seen.now_s - seen.failing_since_s < settings.patience_s:
        return "wait: not for long yet"
    if seen.restarted_s is not None and seen.now_s - seen.restarted_s < settings.pause_s:
        return "wait: restarted a moment ago"
    return "restart"


def _failed(faults: tuple[str, ...]) -> bool:
    """Return whether a deployment has given up: it will not start however long one waits."""
    return any(fault.startswith("deployments: ") and "FAILED" in fault for fault in faults)


def read_settings(path: str) -> Settings:
    """Return the settings of the JSON file the role laid down."""
    given: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    management = given["management"]
    target = archive_ready.Target(
        "dcm4chee",
        given["ae_title"],
        given["dicom_port"],
        given["http_port"],
        archive_ready.Management(
            management["port"], management["account"], management["password"], tuple(management["deployments"])
        ),
    )
    services = tuple((str(name), int(port)) for name, port in sorted(given["services"].items()))
    times = (given["start_s"], given["patience_s"], given["pause_s"])
    return Settings(target, given["unit"], services, *times, given["state"])


def look(settings: Settings, remembered: Mapping[str, float]) -> Seen:
    """Return what there is to be seen now."""
    now_s = time.monotonic()
    faults = archive_ready.observe(settings.target)
    missing = tuple(name for name, port in settings.services if not _answers(port)) if faults else ()
    # Time without a service does not count: the archive cannot be blamed for it.
    failing_since_s = remembered.get("failing_since_s", now_s) if faults and not missing else None
    return Seen(now_s, _running_since(settings.unit), faults, missing, failing_since_s, remembered.get("restarted_s"))


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), CONNECT_TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _running_since(unit: str) -> float | None:
    names = ["systemctl", "show", "--property=ActiveState,ActiveEnterTimestampMonotonic", "--", unit]
    said = subprocess.run(names, capture_output=True, text=True, check=True, timeout=30).stdout
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    if found.get("ActiveState") != "active":
        return None
    return int(found["ActiveEnterTimestampMonotonic"]) / 1e6


def main(arguments: list[str], restart: Callable[[str], None] | None = None) -> int:
    """Look once, and restart when it has to be; return 0 when the watch itself worked."""
    settings = read_settings(arguments[0])
    seen = look(settings, _remembered(settings.state))
    decision = verdict(settings, seen)
    kept = {"failing_since_s": seen.failing_since_s, "restarted_s": seen.restarted_s}
    if decision != "well":
        print(f"{decision} ({'; '.join(seen.faults)})", flush=True)
    if decision == "restart":
        kept = {"failing_since_s": None, "restarted_s": seen.now_s}
        _remember(settings.state, kept)  # before the deed: a restart that hangs must not be repeated at once
        (restart or _restart)(settings.unit)
    else:
        _remember(settings.state, kept)
    return 0


def _restart(unit: str) -> None:
    subprocess.run(["systemctl", "restart", "--no-block", "--", unit], check=True, timeout=30)


def _remembered(state: str) -> dict[str, float]:
    try:
        found = json.loads(Path(state).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {name: float(value) for name, value in found.items() if value is not None}


def _remember(state: str, kept: Mapping[str, float | None]) -> None:
    beside = f"{state}.part"
    Path(beside).write_text(json.dumps(dict(kept)), encoding="utf-8")
    os.replace(beside, state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
