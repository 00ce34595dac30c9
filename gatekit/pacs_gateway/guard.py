"""What may hold a move back: the daemon's end, a closed window, a full archive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gatekit.errors import DicomError
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.requests import Fault, Reason
from gatekit.pacs_gateway.windows import next_opening
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

__all__ = ["Cancelled", "MoveGuard", "Stopping", "Withheld", "free_bytes", "hospital_time"]


class Withheld(Exception):  # noqa: N818 - no error: the move waits
    """The move waits until a time, for a reason."""

    def __init__(self, reason: Reason, until: datetime, fault: Fault | None = None) -> None:
        super().__init__(reason, until, fault)
        self.reason, self.until, self.fault = reason, until, fault


class Stopping(Exception):  # noqa: N818 - no error: the daemon was told to stop
    """The daemon ends; the request goes back into the queue as it is."""


class Cancelled(Exception):  # noqa: N818 - no error: somebody asked for it
    """Somebody cancelled the request."""


def hospital_time(plan: PacsGatewayPlan) -> datetime:
    """Return the time on the hospital's clocks, whichever zone VM1 has."""
    return datetime.now(ZoneInfo(plan.time_zone))


def free_bytes(folder: str) -> int:
    """Return the free space of the archive's volume.

    Raises:
        DicomError: GW531 when the folder is not there.
    """
    try:
        return shutil.disk_usage(Path(folder)).free
    except OSError as error:
        fix = "Mount the archive's volume; moves begin again by themselves."
        raise DicomError("GW531", folder, error.strerror, fix) from error


@dataclass(frozen=True, slots=True)
class MoveGuard:
    """Asked before each move."""

    plan: PacsGatewayPlan
    limits: Limits
    stopping: Callable[[], bool]
    now: Callable[[], datetime]
    free: Callable[[str], int] = free_bytes

    def permit(self, source: PacsSource) -> None:
        """Return when a move from the PACS may begin now.

        Raises:
            Stopping: the daemon ends.
            Withheld: the window is closed, or the archive is full.
        """
        if self.stopping():
            raise Stopping
        now = self.now()
        opening = next_opening(source.move_windows, now)
        if opening != now:
            raise Withheld(Reason.WINDOW, opening)
        try:
            self._permit_space()
        except DicomError as error:
            until = now + timedelta(seconds=self.limits.archive_full_wait_s)
            raise Withheld(Reason.ARCHIVE_FULL, until, Fault.of(error)) from error

    def _permit_space(self) -> None:
        free, least = self.free(self.plan.storage_folder), self.plan.minimum_free_gb * 10**9
        if free < least:
            fix = f"Make room: the archive keeps {self.plan.minimum_free_gb} GB free; moves begin again by themselves."
            raise DicomError("GW531", self.plan.storage_folder, f"{free // 10**9} GB free", fix)
