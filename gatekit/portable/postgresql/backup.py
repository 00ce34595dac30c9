"""Nightly backup of PostgreSQL: ``postgresql_backup.py SETTINGS.json``.

Runs on the node by itself (standard library only), as the account postgres.
- Each database is dumped (custom format) under another name, read back with pg_restore --list, synced, renamed.
- Once a week, and at once where the archive of the log has a gap, a base backup is made, every file of it compared
  with the manifest PostgreSQL wrote, synced, renamed. It is what makes the log worth something.
- Then what is too old goes: dumps after their days; base backups and log that no moment of the last days to keep
  needs. The newest of each is never removed, and nothing is removed when a new one failed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_DAY_S = 86400
_TIMEOUT_S = 5 * 3600
_START = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")

Settings = dict[str, Any]


def _run(settings: Settings, program: str, *words: str) -> str:
    """Return what a program of the cluster's version says; its failure ends the whole run."""
    command = [f"{settings['programs']}/{program}", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{program}: {done.stderr.strip()}")
    return done.stdout


def _stamp(now_s: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_s))


def _sync(paths: Sequence[Path]) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# ---------------------------------------------------------------- dumps
def dump(settings: Settings, now_s: float) -> list[Path]:
    """Return the dumps of this run, one for each database."""
    folder = Path(settings["folder"]) / "dumps"
    for left_over in folder.glob(".*.part"):
        left_over.unlink()
    return [_dump(settings, folder, name, _stamp(now_s)) for name in settings["databases"]]


def _dump(settings: Settings, folder: Path, name: str, stamp: str) -> Path:
    target = folder / f"{name}-{stamp}.dump"
    part = folder / f".{target.name}.part"
    _run(settings, "pg_dump", "--port", str(settings["port"]), "--format=custom", "--file", str(part), name)
    if f"dbname: {name}" not in _run(settings, "pg_restore", "--list", str(part)):
        raise SystemExit(f"{part}: pg_restore does not list it as a dump of {name}")
    _sync([part])
    part.rename(target)
    _sync([folder])
    return target


def prune_dumps(settings: Settings, now_s: float) -> list[Path]:
    """Remove dumps older than the days to keep, never the newest of a database; return what went."""
    gone = []
    for name in settings["databases"]:
        for path in sorted((Path(settings["folder"]) / "dumps").glob(f"{name}-*.dump"))[:-1]:
            if path.stat().st_mtime < now_s - settings["dumps_kept_days"] * _DAY_S:
                path.unlink()
                gone.append(path)
    return gone


# ---------------------------------------------------------------- base backups
def bases(settings: Settings) -> list[Path]:
    """Return the whole base backups, oldest first."""
    return sorted(path.parent for path in (Path(settings["folder"]) / "base").glob("[0-9]*/FIRST_SEGMENT"))


def base_is_due(settings: Settings, now_s: float) -> bool:
    """Return whether there is none, the newest is a week old, or the log after it has a gap or a new timeline."""
    found = bases(settings)
    if not found:
        return True
    first = _first(found[-1])
    gaps = (Path(settings["folder"]) / "wal").glob("GAP-*")
    if any(path.name.removeprefix("GAP-")[8:24] >= first[8:24] for path in gaps):
        return True
    # A restore to a moment began a new timeline: from now on that one has to be restorable by itself.
    if any(path.name[:8] > first[:8] for path in (Path(settings["folder"]) / "wal").glob("*.history.gz")):
        return True
    # Half an hour of grace: the run of the same night a week later must not slip by a day each time.
    newest_s = (found[-1] / "FIRST_SEGMENT").stat().st_mtime
    return bool(newest_s < now_s - settings["base_every_days"] * _DAY_S + 1800)


def _first(base: Path) -> str:
    return (base / "FIRST_SEGMENT").read_text(encoding="ascii").strip()


def base_backup(settings: Settings, now_s: float) -> Path:
    """Return the folder of a new base backup: tar files, manifest, and the name of the first segment it needs."""
    folder = Path(settings["folder"]) / "base"
    for left_over in folder.glob(".*.part"):
        shutil.rmtree(left_over)
    part, target = folder / f".{_stamp(now_s)}.part", folder / _stamp(now_s)
    words = ("--port", str(settings["port"]), "--pgdata", str(part), "--format=tar", "--gzip", "--checkpoint=fast")
    _run(settings, "pg_basebackup", *words, "--wal-method=stream", "--manifest-checksums=SHA256", "--no-password")
    (part / "FIRST_SEGMENT").write_text(verify(part) + "\n", encoding="ascii")
    _sync([*part.iterdir(), part])
    part.rename(target)
    _sync([folder])
    return target


def verify(base: Path) -> str:
    """Return the first segment the backup needs, after every file was compared with the manifest."""
    manifest = json.loads((base / "backup_manifest").read_text(encoding="utf-8"))
    wanted = {row["Path"]: row["Checksum"] for row in manifest["Files"]}
    label = ""
    with tarfile.open(base / "base.tar.gz", mode="r|gz") as archive:
        for member in archive:
            if not member.isfile() or (stream := archive.extractfile(member)) is None:
                continue
            content = stream.read()
            name = member.name.removeprefix("./")
            if name in wanted and hashlib.sha256(content).hexdigest() != wanted.pop(name):
                raise SystemExit(f"{base}: {name} differs from the manifest")
            label = content.decode() if name == "backup_label" else label
    first = _START.search(label)
    if wanted or first is None:
        raise SystemExit(f"{base}: {len(wanted)} files of the manifest are missing")
    return first.group(1)


def prune_bases(settings: Settings, now_s: float) -> list[Path]:
    """Remove base backups and log that no moment of the days to keep needs; return what went.

    Kept are the newest base backup older than the first of these moments, all younger ones, and the log from
    the oldest of them on.
    """
    oldest_moment_s = now_s - settings["wal_kept_days"] * _DAY_S
    found = bases(settings)
    before = [path for path in found if (path / "FIRST_SEGMENT").stat().st_mtime <= oldest_moment_s]
    gone = before[:-1]
    for path in gone:
        shutil.rmtree(path)
    kept = [path for path in found if path not in gone]
    wal = Path(settings["folder"]) / "wal"
    for path in wal.iterdir() if kept else ():
        name = path.name.removeprefix("GAP-")
        if re.match(r"[0-9A-F]{24}", name) and name[8:24] < _first(kept[0])[8:24]:
            path.unlink()
            gone.append(path)
    return gone


def main() -> None:
    """Dump, make a base backup where one is due, then remove what is too old."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    now_s = time.time()
    for path in dump(settings, now_s):
        print(f"{path.name}: {path.stat().st_size} bytes, whole")
    if base_is_due(settings, now_s):
        _refuse_full_disk(settings)
        print(f"{base_backup(settings, now_s).name}: base backup, whole")
    for path in (*prune_dumps(settings, now_s), *prune_bases(settings, now_s)):
        print(f"{path.name}: removed, too old")


def _refuse_full_disk(settings: Settings) -> None:
    free_mb = shutil.disk_usage(settings["folder"]).free // (1024 * 1024)
    if free_mb < settings["minimum_free_mb"]:
        raise SystemExit(f"{settings['folder']}: {free_mb} MB free, no base backup is made; free the disk")


if __name__ == "__main__":
    main()
