"""What was moved and never arrived: reported once, then left alone for longer and longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from gatekit.dicom.model import Difference, Entity
from gatekit.errors import DicomError

FIRST_PAUSE_S = 6 * 3600.0
LONGEST_PAUSE_S = 7 * 86400.0
REMEMBERED = 10_000


class NotArrivedError(DicomError):
    """GW518: the PACS reported success and the archive does not list these ``entities``."""

    def __init__(self, source: str, entities: Iterable[Entity]) -> None:
        self.entities = tuple(sorted(entities))
        levels = [entity.level.lower() for entity in self.entities]
        counts = ", ".join(f"{levels.count(level)} at {level} level" for level in sorted(set(levels)))
        fix = (
            "Look in the PACS for one SOP Instance UID in two series, and in the archive's log for why it kept one; "
            "they are asked for again in some hours."
        )
        super().__init__("GW518", f"{source}.move", counts, fix)


class Withheld:
    """Entities that are not moved again before their pause is over; each failure doubles it. Thread safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._pauses: dict[Entity, tuple[float, float]] = {}  # until when, and how long it was

    def add(self, entities: Iterable[Entity]) -> None:
        """Start the pause of each, twice as long as its last one."""
        with self._lock:
            for entity in entities:
                _, last_s = self._pauses.pop(entity, (0.0, FIRST_PAUSE_S / 2))
                pause_s = min(2 * last_s, LONGEST_PAUSE_S)
                self._pauses[entity] = (self._clock() + pause_s, pause_s)
            while len(self._pauses) > REMEMBERED:
                del self._pauses[next(iter(self._pauses))]  # the oldest

    def part(self, difference: Difference) -> Difference:
        """Return the difference with what is paused taken out of its moves and named in ``withheld``."""
        with self._lock:
            now = self._clock()
            paused = frozenset(entity for entity, (until, _) in self._pauses.items() if until > now)
        lacking = (*difference.studies, *difference.series, *difference.instances)
        if paused.isdisjoint(lacking):
            return difference
        return replace(
            difference,
            studies=tuple(one for one in difference.studies if one not in paused),
            series=tuple(one for one in difference.series if one not in paused),
            instances=tuple(one for one in difference.instances if one not in paused),
            withheld=tuple(sorted(paused.intersection(lacking))),
        )
