"""How long requests went unanswered while something was changed: asked through the whole of it, not reckoned."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

__all__ = ["NONE", "Outage", "Requests", "ask_status"]

_EVERY_S = 0.05
_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Outage:
    """What the requests saw."""

    requests: int
    failed: int
    seconds: float  # from the last good answer before the first bad one, to the first good one after the last bad one

    def as_result(self) -> dict[str, Any]:
        """Return it JSON-safe."""
        return asdict(self)


NONE = Outage(0, 0, 0.0)


def ask_status(port: int, path: str) -> int:
    """Return the status of one request on loopback; 0 when there is no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Requests:
    """Asks from entering to leaving, in a thread of its own; every other status than at the start is bad."""

    def __init__(self, ask: Callable[[], int], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._seen: list[tuple[float, bool]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.wanted = 0

    def __enter__(self) -> Self:
        self.wanted = self._ask()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join(timeout=2 * _TIMEOUT_S)

    def _run(self) -> None:
        while True:
            self._seen.append((self._clock(), self._ask() == self.wanted))
            if self._over.wait(_EVERY_S):
                return

    def outage(self) -> Outage:
        """Return what was seen so far; no good answer at its end means that it is not over."""
        return judge(tuple(self._seen))


def judge(seen: tuple[tuple[float, bool], ...]) -> Outage:
    """Return the outage of (time, good) pairs in order."""
    bad = [index for index, (_, good) in enumerate(seen) if not good]
    if not bad:
        return Outage(len(seen), 0, 0.0)
    first, last = max(bad[0] - 1, 0), min(bad[-1] + 1, len(seen) - 1)
    return Outage(len(seen), len(bad), round(seen[last][0] - seen[first][0], 2))
