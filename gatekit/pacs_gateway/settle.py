"""Wait until a C-MOVE of a worker that died has ended at the PACS, as far as the archive can tell.

The PACS tells nobody: its C-MOVE responses went to an association that is gone. What it sends shows in the
archive, so the archive is looked at until it holds everything or has stopped growing (docs/adr/0011).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from gatekit.dicom.model import Difference, Entity
from gatekit.pacs_gateway.configuration import Limits

__all__ = ["Clock", "has_settled"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A monotonic clock and how to wait on it, in seconds."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], object] = time.sleep


def has_settled(
    look: Callable[[], Difference], studies: Collection[str], limits: Limits, clock: Clock | None = None
) -> bool:
    """Return True when the archive has these studies or they stopped growing, False when they still grow.

    Args:
        look: a deep comparison of the patient, at instance level.
        studies: of the moves that may still run.
        limits: how long no growth counts as an end, and how long to look at all.
        clock: for tests.
    """
    clock = clock or Clock()
    begun = unchanged_since = clock.now()
    missing = _missing(look(), studies)
    while missing:
        if clock.now() - unchanged_since >= limits.settle_s:
            return True
        if clock.now() - begun >= limits.settle_limit_s:
            return False
        clock.wait(min(1.0, limits.settle_s / 5))
        seen = _missing(look(), studies)
        if seen != missing:
            missing, unchanged_since = seen, clock.now()
    return True


def _missing(difference: Difference, studies: Collection[str]) -> tuple[Entity, ...]:
    everything = (*difference.studies, *difference.series, *difference.instances)
    return tuple(entity for entity in everything if entity.study in studies)
