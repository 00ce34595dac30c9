"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from gatekit.whole_file import write_atomically


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert (path.read_bytes(), [each.name for each in tmp_path.iterdir()]) == (b"old", ["evidence.json"])


def test_the_same_content_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    assert [write_atomically(path, content) for content in (b"a", b"a", b"b")] == [True, False, True]


def test_a_file_gets_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    write_atomically(path, b"{}", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600
