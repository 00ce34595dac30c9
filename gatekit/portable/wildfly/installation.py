"""Versions of WildFly beside each other: /opt/wildfly-VERSION, unpacked whole or not at all, and the link to one.

Configuration, applications and their data stand in the base folder, outside every version.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..changes import Change
from ..commands import run
from ..errors import NodeError

__all__ = ["InstallationChange", "Layout", "apply", "linked_version", "plan", "point_link"]

MARKER = ".gatekit-sha256"
_UNZIP_TIMEOUT_S = 300
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Layout:
    """Where things stand on the node."""

    link: str  # /opt/wildfly; versions stand beside it
    base_folder: str  # jboss.server.base.dir
    configuration: str  # name of the server's configuration file
    account: str

    def home(self, version: str) -> Path:
        """Return the folder of one version."""
        return Path(f"{self.link}-{version}")

    @property
    def configuration_folder(self) -> Path:
        """Return where the server's configuration stands."""
        return Path(self.base_folder, "configuration")


@dataclass(frozen=True)
class InstallationChange(Change):
    """What is missing of a version, its link and the first configuration."""

    layout: Layout
    version: str
    sha256: str
    archive: str
    unpack: bool
    link: bool
    seed: bool

    @property
    def archive_wanted(self) -> bool:
        """Return whether the archive has to be brought first."""
        return self.unpack and not Path(self.archive).is_file()


def linked_version(layout: Layout) -> str:
    """Return the version the link points to, "" when there is none."""
    with contextlib.suppress(FileNotFoundError):
        return os.readlink(layout.link).rsplit("/", 1)[-1].removeprefix(f"{Path(layout.link).name}-")
    return ""


def plan(layout: Layout, version: str, sha256: str, archive: str, *, link: bool) -> InstallationChange:
    """Return what has to be done so that ``version`` is there and, with ``link``, in use.

    Raises:
        NodeError: GW409 a folder of that version that we did not unpack or from another archive, or with
            ``link`` another version in use: changing it interrupts the service, so it is a play of its own.
    """
    unpack = not _is_installed(layout.home(version), sha256)
    now = linked_version(layout)
    if link and now not in ("", version):
        fix = f"{version} is wanted; changing it interrupts the service: run playbooks/wildfly_upgrade.yml."
        raise NodeError("GW409", layout.link, now, fix)
    seed = link and not (layout.configuration_folder / layout.configuration).is_file()
    point = link and now == ""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for differs, what, was, will in (
        (unpack, str(layout.home(version)), "absent", f"sha256 {sha256}"),
        (point, layout.link, "absent", f"link to {version}"),
        (seed, str(layout.configuration_folder), "absent", f"as delivered with {version}"),
    ):
        if differs:
            before[what], after[what] = was, will
    return InstallationChange(before, after, layout, version, sha256, archive, unpack, point, seed)


def _is_installed(home: Path, sha256: str) -> bool:
    if not home.exists():
        return False
    found = (home / MARKER).read_text().strip() if (home / MARKER).is_file() else "unpacked by another hand"
    if found != sha256:
        raise NodeError("GW409", str(home), found, f"Move the folder away; it has to be unpacked from {sha256}.")
    return True


def apply(change: InstallationChange) -> None:
    """Unpack, seed and link what is missing.

    Raises:
        NodeError: GW142 the archive has another sha256 or another content, GW418 it cannot be unpacked, GW407 no
            such account; in each case what was there stays as it was.
    """
    if change.unpack:
        _unpack(change)
    if change.seed:
        _seed(change.layout, change.version)
    if change.link:
        point_link(change.layout, change.version)


def _unpack(change: InstallationChange) -> None:
    _refuse_wrong_sum(change.archive, change.sha256)
    home = change.layout.home(change.version)
    staging = home.parent / f".{home.name}.unpacking"
    shutil.rmtree(staging, ignore_errors=True)  # of a run that was killed
    try:
        outcome = run(["unzip", "-q", change.archive, "-d", str(staging)], timeout_s=_UNZIP_TIMEOUT_S)
        if outcome.status != 0:
            raise NodeError("GW418", str(home), outcome.reason, "Free the disk, then run again.")
        inner = staging / home.name
        if not (inner / "jboss-modules.jar").is_file():
            fix = f"It holds no {home.name}/jboss-modules.jar; give the distribution of that version."
            raise NodeError("GW142", change.archive, sorted(path.name for path in staging.iterdir()), fix)
        (inner / MARKER).write_text(f"{change.sha256}\n")
        os.sync()  # before the name appears, so that a power cut leaves the whole version or none
        os.rename(inner, home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    os.unlink(change.archive)


def _refuse_wrong_sum(archive: str, sha256: str) -> None:
    digest = hashlib.sha256()
    with open(archive, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != sha256:
        os.unlink(archive)
        fix = f"The archive of sha256 {sha256} is wanted; it was thrown away and nothing was touched."
        raise NodeError("GW142", archive, digest.hexdigest(), fix)


def _seed(layout: Layout, version: str) -> None:
    """Copy the delivered configuration, the server's own file last: it says that the rest is there."""
    delivered, ours = layout.home(version) / "standalone" / "configuration", layout.configuration_folder
    names: Mapping[str, str] = {
        "application-roles.properties": "application-roles.properties",
        "application-users.properties": "application-users.properties",
        "mgmt-groups.properties": "mgmt-groups.properties",
        "logging.properties": "logging.properties",
        "standalone.xml": layout.configuration,
    }
    try:
        for folder in (ours.parent, ours):
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
            shutil.chown(folder, layout.account, layout.account)
        for name, target in names.items():
            staged = ours / f".{target}.gatekit"
            shutil.copyfile(delivered / name, staged)
            os.chmod(staged, 0o640)
            shutil.chown(staged, layout.account, layout.account)
            os.rename(staged, ours / target)
    except LookupError as err:
        raise NodeError("GW407", "wildfly.account", layout.account, "Create the account first.") from err


def point_link(layout: Layout, version: str) -> None:
    """Point the link to a version, at once."""
    beside = f"{layout.link}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(beside)
    os.symlink(layout.home(version).name, beside)
    os.replace(beside, layout.link)
