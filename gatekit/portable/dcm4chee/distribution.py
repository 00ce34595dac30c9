"""The distribution on the node: unpacked whole or not at all, under the archive's AE title, without its public keys.

``configuration/`` of the zip is never unpacked: its key store and the password of it are known to everybody. The
LDIF files name the archive ``DCM4CHEE`` in some 600 places; they are unpacked with the site's AE title instead,
so that devices, web paths and rules agree. The modules go into WildFly's module folder outside its version.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ..changes import Change
from ..errors import NodeError

__all__ = ["DistributionChange", "Wanted", "apply", "deployments", "plan"]

MARKER = ".gatekit.json"
MODULES_MARKER = ".gatekit-dcm4chee.json"
KEPT = ("deploy/", "jboss-modules/", "ldap/", "sql/psql/")
OTHERS_MODULES = ("org/postgresql/",)  # the driver comes with the role wildfly, for every application
DELIVERED_TITLE = re.compile(rb"(?<![A-Za-z0-9_])DCM4CHEE(?![A-Za-z0-9_])")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Wanted:
    """Which distribution has to be where."""

    archive: str  # where the zip is put on the node when it is needed
    sha256: str
    folder: str
    modules: str  # WildFly's folder of modules
    ae_title: str


@dataclass(frozen=True)
class DistributionChange(Change):
    """What is missing."""

    wanted: Wanted
    unpack: bool
    bring_modules: bool

    @property
    def archive_wanted(self) -> bool:
        """Return whether the zip has to be brought first."""
        return self.unpack and not Path(self.wanted.archive).is_file()


def plan(wanted: Wanted) -> DistributionChange:
    """Return what has to be done.

    Raises:
        NodeError: GW409 a folder that we did not unpack, from another zip, or for another AE title.
    """
    unpack = not _is_unpacked(wanted)
    found = _read(Path(wanted.modules, MODULES_MARKER)).get("sha256", "absent")
    bring = found != wanted.sha256
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if unpack:
        before[wanted.folder], after[wanted.folder] = "absent", f"sha256 {wanted.sha256}, {wanted.ae_title}"
    if bring:
        before[f"{wanted.modules} (dcm4chee)"] = found
        after[f"{wanted.modules} (dcm4chee)"] = wanted.sha256
    return DistributionChange(before, after, wanted, unpack, bring)


def deployments(wanted: Wanted) -> dict[str, str]:
    """Return file name -> sha256 of the applications of an unpacked distribution."""
    return dict(_read(Path(wanted.folder, MARKER)).get("deployments", {}))


def _is_unpacked(wanted: Wanted) -> bool:
    folder = Path(wanted.folder)
    if not folder.exists():
        return False
    found = _read(folder / MARKER)
    if found.get("sha256") != wanted.sha256:
        fix = f"Move the folder away; it has to be unpacked from {wanted.sha256}."
        raise NodeError("GW409", wanted.folder, found.get("sha256", "unpacked by another hand"), fix)
    if found.get("ae_title") != wanted.ae_title:
        fix = f"The archive is called {found.get('ae_title')} already and its entries bear that name: keep it."
        raise NodeError("GW409", "archive.ae_title", wanted.ae_title, fix)
    return True


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def apply(change: DistributionChange) -> None:
    """Unpack what is missing; the zip on the node is removed afterwards.

    Raises:
        NodeError: GW142 the zip has another sha256 (it is removed) or cannot be read; what was there stays.
    """
    wanted = change.wanted
    if change.unpack:
        _same_sha256(wanted)
        _unpack(wanted)
        os.unlink(wanted.archive)
    if change.bring_modules:
        _bring_modules(wanted)


def _same_sha256(wanted: Wanted) -> None:
    actual = _sha256(Path(wanted.archive))
    if actual != wanted.sha256:
        os.unlink(wanted.archive)  # or it would be taken for the right one, brought already, for ever
        fix = f"The zip of sha256 {wanted.sha256} is wanted; this one was thrown away and nothing was changed."
        raise NodeError("GW142", wanted.archive, actual, fix)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(wanted: Wanted) -> None:
    folder = Path(wanted.folder)
    beside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with zipfile.ZipFile(wanted.archive) as archive:
            for entry, name in _entries(archive):
                if name.startswith(KEPT):
                    _write(archive, entry, beside / name, wanted.ae_title if name.startswith("ldap/") else "")
        rows = {path.name: _sha256(path) for path in sorted((beside / "deploy").iterdir())}
        marker = {"ae_title": wanted.ae_title, "deployments": rows, "sha256": wanted.sha256}
        _write_marker(beside / MARKER, marker)
        beside.chmod(0o755)
        _open_folders(beside)
        os.replace(beside, folder)
    except (OSError, zipfile.BadZipFile) as error:
        raise NodeError("GW142", wanted.archive, str(error), "Bring the zip again; nothing was changed.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, str]]:
    """Yield each file with its name below the top folder; a name that leads out is refused.

    Raises:
        NodeError: GW142.
    """
    for entry in archive.infolist():
        _top, _, name = entry.filename.partition("/")
        if name.startswith("/") or ".." in PurePosixPath(entry.filename).parts:
            fix = "A name in it leads out of its folder; fetch the distribution again."
            raise NodeError("GW142", str(archive.filename), entry.filename, fix)
        if name and not entry.is_dir():
            yield entry, name


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, ae_title: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    if ae_title and path.suffix == ".ldif":
        path.write_bytes(DELIVERED_TITLE.sub(ae_title.encode("ascii"), archive.read(entry)))
    else:
        with archive.open(entry) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
    path.chmod(0o644)


def _open_folders(root: Path) -> None:
    """Let every account look into the folders below, whatever the umask: WildFly reads there."""
    for path in root.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)


def _write_marker(path: Path, content: Mapping[str, Any]) -> None:
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o644)
    os.replace(beside, path)


def _bring_modules(wanted: Wanted) -> None:
    """Unpack every zip of modules; files of an earlier distribution that this one does not bring are removed."""
    root = Path(wanted.modules)
    earlier = set(_read(root / MODULES_MARKER).get("files", ()))
    brought: set[str] = set()
    for path in sorted(Path(wanted.folder, "jboss-modules").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = entry.filename.removeprefix("modules/")
                if entry.is_dir() or name.startswith(OTHERS_MODULES) or name.startswith("META-INF/"):
                    continue
                if name.startswith("/") or ".." in PurePosixPath(name).parts:
                    raise NodeError("GW142", path.name, entry.filename, "Fetch the distribution again.")
                _write(archive, entry, root / name)
                brought.add(name)
    _open_folders(root)
    for name in earlier - brought:
        (root / name).unlink(missing_ok=True)
    _write_marker(root / MODULES_MARKER, {"files": sorted(brought), "sha256": wanted.sha256})
