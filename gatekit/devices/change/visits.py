"""The sessions on one device in the course of one change, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gatekit.devices.change.access import Access
from gatekit.devices.change.model import Observed
from gatekit.devices.change.session import Session
from gatekit.errors import DeviceError

type Progress = Callable[[str], None]


class Visits:
    """``sessions``: the open ones that still answer, oldest first. ``seconds``: duration of each step by its name."""

    def __init__(self, access: Access, retry_s: float, progress: Progress) -> None:
        self.access, self.retry_s, self.progress = access, retry_s, progress
        self.sessions: list[Session] = []
        self.seconds: dict[str, float] = {}

    @property
    def first(self) -> Session:
        """Return the session on which the change began."""
        return self.sessions[0]

    @property
    def last(self) -> Session:
        """Return the newest one."""
        return self.sessions[-1]

    def open(self, limit_s: float = 0.0) -> None:
        """Open one more, trying again within that time; errors as ``Access.open``."""
        self.sessions.append(self.access.open_within(limit_s, self.retry_s))

    def observe(self) -> Observed:
        """Return the device as it is, read on the newest session."""
        return self.access.observe(self.last)

    def close(self) -> None:
        """End them all."""
        for session in self.sessions:
            session.close()
        self.sessions.clear()

    @contextmanager
    def step(self, name: str, session: Session | None = None) -> Iterator[None]:
        """Time one step; a session that is lost in it is not used again."""
        self.progress(f"{self.access.login.device}: {name}")
        began_at = time.monotonic()
        try:
            yield
        except DeviceError as error:
            if error.code == "GW402" and session in self.sessions:
                session.close()
                self.sessions.remove(session)
            raise
        finally:
            self.seconds[name] = round(time.monotonic() - began_at, 3)
