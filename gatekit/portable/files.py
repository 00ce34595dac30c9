"""A set of files, compared as one and written as one.

plan: reads the node and decides; apply: writes exactly that. Each file is written beside its target,
synced and renamed, so a full disk or a kill leaves the old file whole; when one of the set cannot be
put in place, those already renamed are put back.
"""

from __future__ import annotations

import contextlib
import errno
import grp
import hashlib
import os
import pwd
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .changes import Change
from .errors import NodeError
from .path_state import Found, observe
from .secrets import bears_secret, masked_before, reveal

__all__ = ["FileChange", "FileSpec", "apply", "plan"]

State = Literal["present", "absent", "directory"]  # a plain alias: `type` needs Python 3.12


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One path as it has to be; ``content`` may name secrets as ``<secret NAME>``.

    ``checker`` is the daemon's own check with ``%s`` for this file; ``checked_with`` names the file
    whose checker reads this one too.
    """

    path: str
    state: State = "present"
    content: str = ""
    owner: str = "root"
    group: str = "root"
    mode: str = "0644"
    checker: str = ""
    checked_with: str = ""


@dataclass(frozen=True)
class FileChange(Change):
    """The change of a whole set; ``specs`` are the entries that have to be written, in order."""

    specs: tuple[FileSpec, ...]
    all_specs: tuple[FileSpec, ...]
    found: Mapping[str, Found]

    @property
    def changed(self) -> bool:
        """Return whether a path has to be written; decided on the real bytes, not on what is shown."""
        return len(self.specs) > 0

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the paths that change, for handlers."""
        return tuple(spec.path for spec in self.specs)

    def diffs(self) -> list[dict[str, str]]:
        """Return one before/after pair for each path that changes: attributes, then content."""
        return [
            {
                "before_header": path,
                "after_header": path,
                "before": _as_text(self.before[path]),
                "after": _as_text(self.after[path]),
            }
            for path in self.paths
        ]


def _as_text(state: Mapping[str, Any]) -> str:
    head = "".join(f"{key}: {state[key]}\n" for key in ("state", "owner", "group", "mode") if key in state)
    return head + ("\n" + state["content"] if "content" in state else "")


def plan(specs: Iterable[FileSpec], secrets: Mapping[str, str]) -> FileChange:
    """Return the change that makes every path what its spec says; nothing is written.

    Raises:
        NodeError: GW111 a path given twice, GW104 a path or mode of the wrong form, GW107 a secret
            that is not given, GW409 something other than a file or directory in the way.
    """
    specs = tuple(specs)
    _refuse_malformed(specs)
    found = {spec.path: observe(spec.path) for spec in specs}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changing: list[FileSpec] = []
    for spec in specs:
        was, will = _states(spec, found[spec.path], secrets)
        if was == will:
            continue
        changing.append(spec)
        before[spec.path], after[spec.path] = _shown(spec, was, will)
    return FileChange(before, after, tuple(changing), specs, found)


def _refuse_malformed(specs: tuple[FileSpec, ...]) -> None:
    seen: set[str] = set()
    for spec in specs:
        if not spec.path.startswith("/") or os.path.normpath(spec.path) != spec.path:
            raise NodeError(
                "GW104", "files.path", spec.path, "Give an absolute path without '..' or a slash at its end."
            )
        if len(spec.mode) != 4 or not all(digit in "01234567" for digit in spec.mode):
            raise NodeError(
                "GW104", f"{spec.path}.mode", spec.mode, "Give four octal digits in quotes, such as '0644'."
            )
        if spec.path in seen:
            raise NodeError("GW111", "files.path", spec.path, "Give each path once.")
        seen.add(spec.path)


def _states(spec: FileSpec, found: Found, secrets: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the real states, secrets included, of one path now and then."""
    if found.kind == "other" or (found.kind == "directory" and spec.state != "directory"):
        raise NodeError("GW409", spec.path, found.kind, "Move it away by hand; only files and directories are managed.")
    was: dict[str, Any] = {"state": found.kind}
    if found.kind in ("file", "directory"):
        was |= {"owner": found.owner, "group": found.group, "mode": found.mode}
    if spec.state == "absent":
        return ({"state": found.kind}, {"state": "absent"})
    if found.kind == "file" and spec.state == "directory":
        raise NodeError("GW409", spec.path, found.kind, "Move it away by hand; a directory has to stand here.")
    will: dict[str, Any] = {"state": "directory" if spec.state == "directory" else "file"}
    will |= {"owner": spec.owner, "group": spec.group, "mode": spec.mode}
    if spec.state == "present":
        will["content"] = reveal(spec.path, spec.content, secrets).encode()
        if found.kind == "file":
            was["content"] = found.content
    return was, will


def _shown(spec: FileSpec, was: dict[str, Any], will: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the two states for people: text instead of bytes, placeholders instead of secrets."""
    shown_was, shown_will = dict(was), dict(will)
    if "content" in was:
        text = _decoded(was["content"])
        shown_was["content"] = masked_before(text, spec.content) if bears_secret(spec.content) else text
    if "content" in will:
        shown_will["content"] = spec.content
    return shown_was, shown_will


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return f"<{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}>\n"


# ---------------------------------------------------------------- writing
def apply(change: FileChange, secrets: Mapping[str, str]) -> None:
    """Write the change, all of it or nothing.

    Raises:
        NodeError: GW413 when a path moved since it was read, GW407 for an unknown owner or group,
            GW418 when the disk refuses; in each case every old file is in place.
    """
    _refuse_moved(change)
    staged: dict[str, str] = {}
    done: list[FileSpec] = []
    try:
        for spec in change.specs:
            if spec.state == "present":
                staged[spec.path] = _stage(spec, reveal(spec.path, spec.content, secrets).encode())
        for spec in change.specs:
            _put(spec, staged.get(spec.path, ""))
            staged.pop(spec.path, None)
            done.append(spec)
        _sync_directories(change.paths)
    except OSError as err:
        for spec in reversed(done):
            _put_back(spec, change.found[spec.path])
        at = err.filename or change.paths[len(done)]
        fix = "Free the disk or its mount, then run again; every old file is in place."
        raise NodeError("GW418", str(at), err.strerror or str(err), fix) from err
    finally:
        for temporary in staged.values():
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)


def _refuse_moved(change: FileChange) -> None:
    for spec in change.specs:
        if observe(spec.path).stamp != change.found[spec.path].stamp:
            raise NodeError(
                "GW413", spec.path, "changed while we were reading", "Run again when nobody else works here."
            )


def _stage(spec: FileSpec, content: bytes) -> str:
    """Return the path of a synced file beside the target, with its owner and mode."""
    target = Path(spec.path)
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    for left_over in target.parent.glob(f".{target.name}.gatekit-*"):  # a run that was killed
        left_over.unlink()
    temporary = str(target.parent / f".{target.name}.gatekit-{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            os.fchown(stream.fileno(), *_numbers(spec))
            os.fchmod(stream.fileno(), int(spec.mode, 8))
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _numbers(spec: FileSpec) -> tuple[int, int]:
    try:
        return pwd.getpwnam(spec.owner).pw_uid, grp.getgrnam(spec.group).gr_gid
    except KeyError as err:
        fix = "Create the account first: by its package or the account_set task."
        raise NodeError("GW407", f"{spec.path}.owner", f"{spec.owner}:{spec.group}", fix) from err


def _put(spec: FileSpec, temporary: str) -> None:
    if spec.state == "absent":
        os.unlink(spec.path)
    elif spec.state == "directory":
        Path(spec.path).mkdir(mode=int(spec.mode, 8), parents=True, exist_ok=True)
        os.chown(spec.path, *_numbers(spec))
        os.chmod(spec.path, int(spec.mode, 8))
    else:
        _replace(temporary, spec.path)


def _replace(temporary: str, target: str) -> None:
    try:
        os.rename(temporary, target)
    except OSError as err:
        if err.errno != errno.EBUSY:
            raise
        # A container runtime mounts /etc/hosts and /etc/resolv.conf; a mount point takes bytes, no rename.
        status = os.stat(temporary)
        Path(target).write_bytes(Path(temporary).read_bytes())
        os.chown(target, status.st_uid, status.st_gid)
        os.chmod(target, stat.S_IMODE(status.st_mode))
        os.unlink(temporary)


def _put_back(spec: FileSpec, found: Found) -> None:
    """Restore one path after a later one failed; a link or new directory is removed, not restored."""
    if found.kind == "file":
        old = FileSpec(spec.path, "present", "", found.owner, found.group, found.mode)
        _replace(_stage(old, found.content), spec.path)
    elif spec.state == "present":
        os.unlink(spec.path)


def _sync_directories(paths: Iterable[str]) -> None:
    for directory in sorted({os.path.dirname(path) for path in paths}):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
