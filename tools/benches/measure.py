"""What every benchmark shares: its numbers, the machine it ran on, and a stopwatch."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

type Numbers = dict[str, float | int | str]


def machine() -> Numbers:
    """Return cores, memory in GiB and the load of the last minute: all that is said of the machine."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    load = round(os.getloadavg()[0], 2)
    return {"cores": os.cpu_count() or 0, "memory_gib": round(pages * size / 2**30), "load_before": load}


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = time.monotonic()
    work()
    return round(time.monotonic() - started, 2)
