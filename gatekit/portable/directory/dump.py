"""Dump the directory's configuration and entries as LDIF: ``directory_dump.py SETTINGS.json``.

Runs on the node by itself (standard library only). slapcat reads beside the running server. A dump is written
under another name, compressed, read back to its end and counted, synced, and only then renamed; old dumps go
only after a whole new one is there, and the newest of each is always kept.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_DAY_S = 86400
_TIMEOUT_S = 600


def dump(settings: dict[str, Any], now_s: float) -> list[Path]:
    """Return the dumps of this run, one for each database."""
    folder = Path(settings["folder"])
    for left_over in folder.glob(".*.part"):
        left_over.unlink()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_s))
    return [
        _dump_one(settings["configuration"], number, folder / f"{name}-{stamp}.ldif.gz")
        for name, number in sorted(settings["databases"].items())
    ]


def _dump_one(configuration: str, number: int, target: Path) -> Path:
    words = ["/usr/sbin/slapcat", "-F", configuration, "-n", str(number), "-o", "ldif-wrap=no"]
    done = subprocess.run(words, capture_output=True, timeout=_TIMEOUT_S, check=False)
    if done.returncode != 0:
        raise SystemExit(f"slapcat -n {number}: {done.stderr.decode('utf-8', 'replace').strip()}")
    part = target.parent / f".{target.name}.part"
    with part.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as stream:
        stream.write(done.stdout)
    _verify(part, done.stdout)
    _sync(part)
    part.rename(target)
    _sync(target.parent)
    return target


def _verify(part: Path, text: bytes) -> None:
    with gzip.open(part) as stream:
        found = stream.read()
    if found != text or not re.search(rb"(?m)^dn:", found):
        raise SystemExit(f"{part}: it does not read back as it was written, or holds no entry")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prune(settings: dict[str, Any], now_s: float) -> list[Path]:
    """Remove dumps older than the days to keep, never the newest of a database; return what went."""
    gone = []
    for name in settings["databases"]:
        for path in sorted(Path(settings["folder"]).glob(f"{name}-*.ldif.gz"))[:-1]:
            if path.stat().st_mtime < now_s - settings["kept_days"] * _DAY_S:
                path.unlink()
                gone.append(path)
    return gone


def main() -> None:
    """Dump, then prune."""
    settings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    now_s = time.time()
    for path in dump(settings, now_s):
        print(f"{path.name}: {path.stat().st_size} bytes")
    for path in prune(settings, now_s):
        print(f"{path.name}: removed after {settings['kept_days']} days")


if __name__ == "__main__":
    main()
