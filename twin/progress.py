"""Progress lines for a person who waits: elapsed seconds, then what just became true."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TextIO

type Task = Callable[[], None]


@dataclass
class Progress:
    """Writes ``[  3.1 s] line`` to ``stream``; safe from several threads."""

    stream: TextIO = sys.stderr
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def elapsed_s(self) -> float:
        """Return the seconds since this reporter was made."""
        return self.clock() - self.started

    def say(self, line: str) -> None:
        """Write one line with the elapsed seconds before it."""
        with self._lock:
            print(f"[{self.elapsed_s:6.1f} s] {line}", file=self.stream, flush=True)


def in_parallel(tasks: Iterable[Task], workers: int) -> None:
    """Run all tasks, at most ``workers`` at a time; the first failure is raised after all have ended."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(task) for task in tasks]
    for future in futures:
        future.result()
