"""What happened when, on disk before the next step: the power may be gone at any line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Time that does not jump, the date, and waiting."""

    def now_s(self) -> float:
        """Return the seconds of a clock that never goes back."""

    def date(self) -> str:
        """Return the time of day, ISO 8601 in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Journal:
    """One shutdown, appended to a file of JSON lines: ``at``, ``after_s``, ``what``, ``event``. Holds no secret."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._begun_s = clock.now_s()

    def note(self, what: str, event: str) -> None:
        """Append one line and bring it to the disk; a full disk stops nothing."""
        after_s = round(self._clock.now_s() - self._begun_s, 1)
        line = json.dumps({"at": self._clock.date(), "after_s": after_s, "what": what, "event": event})
        print(line, flush=True)  # the system's log has it too
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            print(f"journal: {type(error).__name__}", flush=True)
