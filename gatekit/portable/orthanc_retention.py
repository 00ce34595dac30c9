"""Delete the studies that came to Orthanc longer ago than the site keeps them; nothing younger.

Self-contained on purpose: the role ``orthanc`` lays this file down on VM1, and a timer runs it every night as
``python3 orthanc_retention.py --port 8042 --months 36``. The age of a study is the time its last instance came
(Orthanc's LastUpdate, UTC), so a study that still grows is kept, and one whose age is unknown as well. Logs hold
counts only.
"""

from __future__ import annotations

import argparse
import json
import re
import urllib.request
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

PAGE = 500
TIMEOUT_S = 120
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def cut_off(now: datetime, months: int) -> datetime:
    """Return the moment ``months`` calendar months before now; 31 March less one is 28 February."""
    count = now.year * 12 + now.month - 1 - months
    year, month = divmod(count, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def arrived(study: dict[str, Any]) -> datetime | None:
    """Return when the study's last instance came, or None when Orthanc does not say so."""
    said = str(study.get("LastUpdate", ""))
    if not re.fullmatch(r"\d{8}T\d{6}", said):
        return None
    return datetime.strptime(said, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def is_expired(study: dict[str, Any], limit: datetime) -> bool:
    """Return whether the study came before the limit, for certain."""
    came = arrived(study)
    return came is not None and came < limit


def ask(port: int, path: str, method: str = "GET") -> Any:
    """Return the answer of the archive on loopback."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with NO_PROXY.open(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


def studies(port: int) -> Iterator[dict[str, Any]]:
    """Yield every study; page by page, so that memory does not grow with the archive."""
    since = 0
    while True:
        page = ask(port, f"/studies?expand&since={since}&limit={PAGE}")
        yield from page
        if len(page) < PAGE:
            return
        since += PAGE


def delete_expired(port: int, months: int, now: datetime) -> int:
    """Return how many studies were deleted; each is looked at again just before, since it may have grown."""
    limit = cut_off(now, months)
    # The list is complete before the first deletion, which would shift the pages.
    expired = [str(study["ID"]) for study in studies(port) if is_expired(study, limit)]
    deleted = 0
    for number in expired:
        if is_expired(ask(port, f"/studies/{number}"), limit):
            ask(port, f"/studies/{number}", "DELETE")
            deleted += 1
    return deleted


def main() -> None:
    """Run once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--months", type=int, help="without it everything is kept")
    options = parser.parse_args()
    if options.months is None:
        print("kept: everything")
        return
    print("deleted studies:", delete_expired(options.port, options.months, datetime.now(UTC)))


if __name__ == "__main__":
    main()
