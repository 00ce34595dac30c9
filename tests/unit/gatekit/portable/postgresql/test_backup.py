"""When a base backup is due, whether one is whole, and what may go."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from gatekit.portable.postgresql import backup

DAY_S = 86400
NOW_S = 1_000_000_000.0
LABEL = b"START WAL LOCATION: 0/5000028 (file 000000010000000000000005)\nCHECKPOINT LOCATION: 0/5000080\n"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    for name in ("base", "dumps", "wal"):
        (tmp_path / name).mkdir()
    return {
        "folder": str(tmp_path),
        "databases": ["archive"],
        "dumps_kept_days": 14,
        "wal_kept_days": 3,
        "base_every_days": 7,
    }


def base(settings: dict[str, Any], days_ago: float, first: str) -> Path:
    folder = Path(settings["folder"]) / "base" / f"2026{1000 - int(days_ago):04}T000000Z"
    folder.mkdir()
    (folder / "FIRST_SEGMENT").write_text(first + "\n")
    os.utime(folder / "FIRST_SEGMENT", (NOW_S - days_ago * DAY_S,) * 2)
    return folder


def segment(number: int) -> str:
    return f"0000000100000000{number:08X}"


def test_base_backup_is_due_when_there_is_none_or_it_is_a_week_old(settings: dict[str, Any]) -> None:
    assert backup.base_is_due(settings, NOW_S)
    base(settings, 6, segment(5))
    assert not backup.base_is_due(settings, NOW_S)
    assert backup.base_is_due(settings, NOW_S + DAY_S)


@pytest.mark.parametrize(
    ("name", "due"),
    [
        (f"GAP-{segment(6)}", True),
        (f"GAP-{segment(4)}", False),
        ("00000002.history.gz", True),
        ("00000001.history.gz", False),
    ],
)
def test_gap_or_new_timeline_after_the_newest_makes_one_due(settings: dict[str, Any], name: str, due: bool) -> None:
    base(settings, 1, segment(5))
    (Path(settings["folder"]) / "wal" / name).touch()
    assert backup.base_is_due(settings, NOW_S) is due


def test_every_moment_of_the_days_to_keep_stays_restorable(settings: dict[str, Any]) -> None:
    ages = {20: 1, 13: 10, 6: 20}  # days ago: first segment
    folders = {days: base(settings, days, segment(number)) for days, number in ages.items()}
    wal = Path(settings["folder"]) / "wal"
    for number in (9, 15, 19, 20, 25):
        (wal / f"{segment(number)}.gz").touch()
    (wal / "00000001.history.gz").touch()
    gone = backup.prune_bases(settings, NOW_S)
    assert folders[20] in gone
    assert folders[13] in gone
    assert sorted(path.name for path in wal.iterdir()) == [
        "00000001.history.gz",
        f"{segment(20)}.gz",
        f"{segment(25)}.gz",
    ]
    assert folders[6].exists()


def test_base_backup_younger_than_the_days_to_keep_does_not_yet_replace_the_older_one(settings: dict[str, Any]) -> None:
    older, younger = base(settings, 8, segment(1)), base(settings, 1, segment(9))
    wal = Path(settings["folder"]) / "wal" / f"{segment(2)}.gz"
    wal.touch()
    assert backup.prune_bases(settings, NOW_S) == []
    assert all(path.exists() for path in (older, younger, wal))


def test_log_is_left_alone_while_there_is_no_base_backup(settings: dict[str, Any]) -> None:
    wal = Path(settings["folder"]) / "wal" / f"{segment(2)}.gz"
    wal.touch()
    assert backup.prune_bases(settings, NOW_S) == []
    assert wal.exists()


def test_old_dumps_go_and_the_newest_stays(settings: dict[str, Any]) -> None:
    folder = Path(settings["folder"]) / "dumps"
    for name, days in (("archive-1.dump", 40), ("archive-2.dump", 20), ("archive-3.dump", 15)):
        (folder / name).touch()
        os.utime(folder / name, (NOW_S - days * DAY_S,) * 2)
    assert [path.name for path in backup.prune_dumps(settings, NOW_S)] == ["archive-1.dump", "archive-2.dump"]


def made(folder: Path, content: bytes, checksum: bytes) -> Path:
    rows = [{"Path": "base/1/2", "Checksum": hashlib.sha256(checksum).hexdigest()}]
    (folder / "backup_manifest").write_text(json.dumps({"Files": rows}))
    with gzip.open(folder / "base.tar.gz", "wb") as raw, tarfile.open(fileobj=raw, mode="w") as archive:
        for name, text in (("backup_label", LABEL), ("base/1/2", content)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return folder


def test_whole_base_backup_gives_the_first_segment_it_needs(tmp_path: Path) -> None:
    assert backup.verify(made(tmp_path, b"page", b"page")) == segment(5)


def test_base_backup_with_another_byte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="differs from the manifest"):
        backup.verify(made(tmp_path, b"pagE", b"page"))


def test_base_backup_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    made(tmp_path, b"page", b"page")
    rows = [{"Path": "base/1/3", "Checksum": ""}]
    (tmp_path / "backup_manifest").write_text(json.dumps({"Files": rows}))
    with pytest.raises(SystemExit, match="1 files of the manifest are missing"):
        backup.verify(tmp_path)
