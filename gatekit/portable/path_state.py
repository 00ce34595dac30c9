"""What stands at a path of the node now: kind, content, owner and mode, and a stamp that shows a later write."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .errors import NodeError

__all__ = ["ABSENT", "Found", "observe"]


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at a path now; ``stamp`` changes when somebody else writes it."""

    kind: Literal["absent", "file", "directory", "link", "other"]
    content: bytes
    owner: str
    group: str
    mode: str
    stamp: tuple[int, int, int]


ABSENT = Found("absent", b"", "", "", "", (0, 0, 0))


def observe(path: str) -> Found:
    """Return what stands at the path, links not followed.

    Raises:
        NodeError: GW404 when it may not be read.
    """
    try:
        status = os.lstat(path)
        kind = _kind(status.st_mode)
        content = Path(path).read_bytes() if kind == "file" else b""
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except PermissionError as err:
        raise NodeError("GW404", path, str(err), "Run the task with become.") from err
    mode = f"{stat.S_IMODE(status.st_mode):04o}"
    stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
    return Found(kind, content, _user(status.st_uid), _group(status.st_gid), mode, stamp)


def _kind(mode: int) -> Literal["file", "directory", "link", "other"]:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "directory"
    return "link" if stat.S_ISLNK(mode) else "other"


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
