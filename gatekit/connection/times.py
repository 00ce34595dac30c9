"""Times as the hospital's people read them: Japan has one time zone and no summer time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))


def hospital_time(moment: datetime) -> str:
    """Return date and time in Japan, to the second."""
    return moment.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")
