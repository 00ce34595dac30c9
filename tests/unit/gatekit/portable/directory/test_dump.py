"""Dumps are whole or not there; the newest stays."""

from __future__ import annotations

import os
from pathlib import Path

from gatekit.portable.directory import dump

DAY_S = 86400


def test_old_dumps_go_and_the_newest_of_each_database_stays(tmp_path: Path) -> None:
    settings = {"folder": str(tmp_path), "kept_days": 2, "databases": {"entries": 1, "configuration": 0}}
    now_s = 1_000_000_000.0
    ages = {"entries-1.ldif.gz": 5, "entries-2.ldif.gz": 1, "configuration-1.ldif.gz": 9, "other.txt": 99}
    for name, days in ages.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now_s - days * DAY_S,) * 2)
    assert [path.name for path in dump.prune(settings, now_s)] == ["entries-1.ldif.gz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "configuration-1.ldif.gz",
        "entries-2.ldif.gz",
        "other.txt",
    ]
