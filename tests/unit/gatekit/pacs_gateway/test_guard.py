from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gatekit.errors import DicomError
from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.guard import MoveGuard, Stopping, Withheld, free_bytes
from gatekit.pacs_gateway.requests import Reason
from tests.unit.gatekit.pacs_gateway.gateway import PLAN, SOURCE

NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
ENOUGH = PLAN.minimum_free_gb * 10**9


def guard(*, free: int = ENOUGH, stopping: bool = False) -> MoveGuard:
    return MoveGuard(PLAN, Limits(archive_full_wait_s=60), lambda: stopping, lambda: NOON, lambda _: free)


def test_move_is_permitted_when_nothing_is_in_its_way() -> None:
    guard().permit(SOURCE)


def test_in_2_move_waits_for_its_window() -> None:
    night = SOURCE.model_copy(update={"move_windows": ("22:00-06:00",)})
    with pytest.raises(Withheld) as caught:
        guard().permit(night)
    assert caught.value.args == (Reason.WINDOW, NOON + timedelta(hours=10), None)


def test_move_waits_when_the_archive_is_full_and_says_so() -> None:
    with pytest.raises(Withheld) as caught:
        guard(free=ENOUGH - 1).permit(SOURCE)
    held = caught.value
    assert (held.reason, held.until) == (Reason.ARCHIVE_FULL, NOON + timedelta(seconds=60))
    assert held.fault is not None
    assert (held.fault.code, held.fault.path, held.fault.value) == ("GW531", "/srv/archive", "19 GB free")


def test_no_move_begins_when_the_daemon_ends() -> None:
    with pytest.raises(Stopping):
        guard(stopping=True).permit(SOURCE)


def test_volume_that_is_not_mounted_is_an_error_with_a_fix(tmp_path: Path) -> None:
    assert free_bytes(str(tmp_path)) > 0
    with pytest.raises(DicomError) as caught:
        free_bytes(str(tmp_path / "absent"))
    assert caught.value.facts[:3] == ("GW531", str(tmp_path / "absent"), "No such file or directory")
