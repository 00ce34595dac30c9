"""Lay ansible.windows and community.windows beside ansible-core, from the wheel in requirements/collections.txt.

    python tools/windows_collections.py

PyPI has no wheel of a single collection; `ansible` carries 92 of them, 200 MB. pip fetches it and judges its hash, and
the two that VM3 needs (3 MB) are unpacked into this Python's site-packages, where ansible-core looks. What is there
already in the pinned version stays; nothing is written unless the whole wheel was the pinned one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "collections.txt"
COLLECTIONS = ("ansible_collections/ansible/windows", "ansible_collections/community/windows")
STAMP = "ansible_collections/gatekit_collections"
"""File that says which pinned wheel the collections came from."""


def pinned(lock: str) -> str:
    """Return the one pinned version with its hash, as it stands in the lock file.

    Raises:
        ValueError: the file pins something else or nothing.
    """
    found = re.findall(r"^(ansible==\S+) \\\n    (--hash=sha256:[0-9a-f]{64})$", lock, re.MULTILINE)
    if len(found) != 1:
        raise ValueError("requirements/collections.txt: exactly one pinned ansible with its hash is wanted")
    return " ".join(found[0])


def unpack(wheel: Path, target: Path) -> int:
    """Replace the two collections below ``target`` by the wheel's and return how many files they have.

    Raises:
        ValueError: the wheel has not both.
    """
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory(dir=target) as work:
        names = [name for name in archive.namelist() if name.startswith(tuple(f"{part}/" for part in COLLECTIONS))]
        if any(f"{part}/MANIFEST.json" not in names for part in COLLECTIONS):
            raise ValueError(f"{wheel.name}: no {' or no '.join(COLLECTIONS)} in it")
        archive.extractall(work, names)
        for part in COLLECTIONS:
            shutil.rmtree(target / part, ignore_errors=True)  # the first time there is none
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(work, part), target / part)
    return len(names)


def main() -> int:
    """Return 0 when the collections are there; pip's own words say why not."""
    version, target = pinned(LOCK.read_text(encoding="utf-8")), Path(sysconfig.get_path("purelib"))
    stamp = target / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == version:
        return 0
    with tempfile.TemporaryDirectory(prefix="gatekit-") as folder:
        words = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        command = [sys.executable, "-m", "pip", *words, "--require-hashes", "-r", str(LOCK), "-d", folder]
        subprocess.run(command, check=True)
        (wheel,) = Path(folder).glob("ansible-*.whl")
        count = unpack(wheel, target)
    stamp.write_text(version, encoding="utf-8")
    print(f"{count} files of {len(COLLECTIONS)} collections, {version.partition(' ')[0]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
