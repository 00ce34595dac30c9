"""Which base backup a way back begins with, and when there is none."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.postgresql import point_in_time
from gatekit.portable.postgresql.point_in_time import Moment

FIRST, SECOND = "2026-11-01T01:30:00+09:00", "2026-11-08T01:30:00+09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wal").mkdir()
    for stamp, made, segment in (("20261031T163000Z", FIRST, "05"), ("20261107T163000Z", SECOND, "50")):
        base = tmp_path / "base" / stamp
        base.mkdir(parents=True)
        (base / "FIRST_SEGMENT").write_text(f"0000000100000000000000{segment}\n")
        os.utime(base / "FIRST_SEGMENT", (datetime.fromisoformat(made).timestamp(),) * 2)
    return tmp_path


def wanted(folder: Path, moment: str, consent: str | None = None) -> Moment:
    return Moment(5432, "x.service", str(folder), "/data", moment, moment if consent is None else consent)


@pytest.mark.parametrize(
    ("moment", "base"),
    [("2026-11-05T12:00:00+09:00", "20261031T163000Z"), ("2026-11-08T02:00:00+09:00", "20261107T163000Z")],
)
def test_way_begins_with_the_newest_base_backup_before_the_moment(folder: Path, moment: str, base: str) -> None:
    assert Path(point_in_time.plan(wanted(folder, moment)).base).name == base


@pytest.mark.parametrize(
    ("moment", "consent", "code"),
    [
        pytest.param("2026-10-30T00:00:00+09:00", None, "GW407", id="before-all"),
        pytest.param("2099-01-01T00:00:00+09:00", None, "GW407", id="in-the-future"),
        pytest.param("2026-11-05T12:00:00", None, "GW104", id="without-offset"),
        pytest.param("yesterday", None, "GW104", id="no-moment"),
        pytest.param("2026-11-05T12:00:00+09:00", "", "GW408", id="no-consent"),
        pytest.param("2026-11-05T12:00:00+09:00", "yes", "GW408", id="consent-to-something-else"),
    ],
)
def test_moment_that_cannot_or_may_not_be_reached_is_refused(
    folder: Path, moment: str, consent: str | None, code: str
) -> None:
    with pytest.raises(NodeError) as caught:
        point_in_time.plan(wanted(folder, moment, consent))
    assert caught.value.code == code


def test_gap_in_the_log_bars_the_moments_after_it_only(folder: Path) -> None:
    gap = folder / "wal" / "GAP-000000010000000000000020"
    gap.touch()
    os.utime(gap, (datetime.fromisoformat("2026-11-04T00:00:00+09:00").timestamp(),) * 2)
    assert point_in_time.plan(wanted(folder, "2026-11-03T12:00:00+09:00")).changed
    with pytest.raises(NodeError) as caught:
        point_in_time.plan(wanted(folder, "2026-11-05T12:00:00+09:00"))
    assert caught.value.code == "GW407"
    assert point_in_time.plan(wanted(folder, "2026-11-09T12:00:00+09:00")).changed
