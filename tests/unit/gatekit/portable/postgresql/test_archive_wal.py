"""A segment is kept whole or not at all; a full disk never stops the database."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gatekit.portable.postgresql import archive_wal

SEGMENT = "000000010000000000000007"


class Usage(NamedTuple):
    free: int


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    for name in ("wal", "base/20261101T000000Z"):
        (tmp_path / name).mkdir(parents=True)
    return {"folder": str(tmp_path), "minimum_free_mb": 100}


def segment(tmp_path: Path, content: bytes = b"log" * 1000) -> Path:
    path = tmp_path / SEGMENT
    path.write_bytes(content)
    return path


def test_segment_is_kept_whole_and_nothing_else_is_left(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert archive_wal.archive(settings, segment(tmp_path), SEGMENT) == "kept"
    assert [path.name for path in (tmp_path / "wal").iterdir()] == [f"{SEGMENT}.gz"]
    assert gzip.decompress((tmp_path / "wal" / f"{SEGMENT}.gz").read_bytes()) == b"log" * 1000


def test_second_time_is_success_and_another_content_is_never_overwritten(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    archive_wal.archive(settings, segment(tmp_path), SEGMENT)
    assert archive_wal.archive(settings, segment(tmp_path), SEGMENT) == "kept before"
    with pytest.raises(SystemExit, match="not overwritten"):
        archive_wal.archive(settings, segment(tmp_path, b"other"), SEGMENT)
    assert gzip.decompress((tmp_path / "wal" / f"{SEGMENT}.gz").read_bytes()) == b"log" * 1000


@pytest.mark.parametrize("name", ["../x", "x", SEGMENT + ".gz", SEGMENT[:-1]])
def test_other_names_are_refused(tmp_path: Path, settings: dict[str, Any], name: str) -> None:
    with pytest.raises(SystemExit, match="not the name"):
        archive_wal.archive(settings, segment(tmp_path), name)


@pytest.mark.parametrize("name", ["00000002.history", SEGMENT + ".00000028.backup", SEGMENT + ".partial"])
def test_other_files_of_the_log_are_kept_too(tmp_path: Path, settings: dict[str, Any], name: str) -> None:
    assert archive_wal.archive(settings, segment(tmp_path), name) == "kept"


def test_full_disk_first_loses_what_the_newest_base_backup_does_not_need(
    tmp_path: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base/20261101T000000Z/FIRST_SEGMENT").write_text("000000010000000000000005\n")
    for number in (3, 4, 5, 6):
        (tmp_path / f"wal/00000001000000000000000{number}.gz").touch()
    free = iter((Usage(0), Usage(10**12)))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: next(free))
    assert archive_wal.archive(settings, segment(tmp_path), SEGMENT) == "kept"
    kept = sorted(path.name for path in (tmp_path / "wal").iterdir())
    assert kept == [f"00000001000000000000000{number}.gz" for number in (5, 6, 7)]


def test_disk_that_stays_full_costs_the_segment_and_says_so(
    tmp_path: Path, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0))
    assert archive_wal.archive(settings, segment(tmp_path), SEGMENT) == "given up"
    assert [path.name for path in (tmp_path / "wal").iterdir()] == [f"GAP-{SEGMENT}"]
    assert "a new base backup is needed" in capsys.readouterr().err
