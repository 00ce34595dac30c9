"""Move windows: HH:MM-HH:MM in hospital time, over midnight where the end is earlier. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

__all__ = ["next_opening"]


def next_opening(windows: Iterable[str], now: datetime) -> datetime:
    """Return ``now`` when a window is open or none is given, else when the next one opens.

    Args:
        windows: as the site file writes them; the end is the first minute outside, equal ends mean always.
        now: hospital time.
    """
    spans = [_span(window) for window in windows]
    if not spans or any(_is_open(begin, end, now.time()) for begin, end in spans):
        return now
    return min(_next(begin, now) for begin, _ in spans)


def _span(window: str) -> tuple[time, time]:
    begin, end = (time.fromisoformat(part.strip()) for part in window.split("-"))
    return begin, end


def _is_open(begin: time, end: time, now: time) -> bool:
    if begin < end:
        return begin <= now < end
    return now >= begin or now < end


def _next(begin: time, now: datetime) -> datetime:
    opening = datetime.combine(now.date(), begin, now.tzinfo)
    return opening if opening > now else opening + timedelta(days=1)
