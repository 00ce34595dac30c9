"""PostgreSQL's archive_command: ``postgresql_archive_wal.py SETTINGS.json PATH NAME``.

Runs on the node by itself (standard library only). A segment is compressed under another name, synced and linked
into place: it is there whole or not at all, and an existing one is never overwritten. Ends with 0 only then.

Where the disk of the backups runs full, keeping the log must not be what stops the database: below the minimum,
what no restore needs any more is removed; when that is not enough the segment is not kept, and a file GAP-<name>
says from where on a point-in-time restore needs a new base backup. The nightly backup sees it and makes one.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

_LEVEL = 1  # an idle segment is zeros; a busy one must not hold up the server
_SEGMENT = re.compile(r"[0-9A-F]{24}(?:\.[0-9A-F]{8}\.backup|\.partial)?\Z|[0-9A-F]{8}\.history\Z")


def archive(settings: dict[str, Any], path: Path, name: str) -> str:
    """Keep one file of the log; return what was done: kept, kept before, or given up."""
    if not _SEGMENT.match(name):
        raise SystemExit(f"{name}: not the name of a file of the write-ahead log")
    folder = Path(settings["folder"]) / "wal"
    target = folder / f"{name}.gz"
    content = path.read_bytes()
    if target.exists():
        if _read(target) != content:
            raise SystemExit(f"{target}: there already, with another content; it is not overwritten")
        return "kept before"
    if _short(settings, folder):
        _prune(Path(settings["folder"]))
        if _short(settings, folder):
            _give_up(folder, name)
            return "given up"
    _keep(folder, target, content)
    return "kept"


def _short(settings: dict[str, Any], folder: Path) -> bool:
    return bool(shutil.disk_usage(folder).free < settings["minimum_free_mb"] * 1024 * 1024)


def _read(target: Path) -> bytes:
    with gzip.open(target) as stream:
        return stream.read()


def _keep(folder: Path, target: Path, content: bytes) -> None:
    part = folder / f".{target.name}.{os.getpid()}.part"
    try:
        with part.open("wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_LEVEL, mtime=0) as stream:
                stream.write(content)
            raw.flush()
            os.fsync(raw.fileno())
        os.link(part, target)  # fails where somebody else put it meanwhile
    finally:
        part.unlink(missing_ok=True)
    _sync(folder)


def _give_up(folder: Path, name: str) -> None:
    (folder / f"GAP-{name}").touch()
    _sync(folder)
    print(f"{name}: not kept, the disk of the backups is full; a new base backup is needed", file=sys.stderr)


def _prune(folder: Path) -> None:
    """Remove the log before the newest base backup: the days between are lost, the way from it on is not."""
    starts = sorted(path.read_text(encoding="ascii").strip() for path in folder.glob("base/*/FIRST_SEGMENT"))
    if starts:
        for segment in (folder / "wal").glob("*.gz"):
            if len(segment.name) >= 24 and segment.name[8:24] < starts[-1][8:24]:
                segment.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main() -> None:
    """Keep the one file named on the command line."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    archive(settings, Path(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    main()
