"""A virtual environment made from one file of wheels, without any index; a link names the one in use.

``<root>-<digest>`` is complete when its file ``complete`` is there, which is written last: a run that was killed
leaves an environment nobody uses and the next run makes it anew. The environment before this one is kept.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from .changes import Change
from .commands import run
from .errors import NodeError

__all__ = ["EnvironmentChange", "EnvironmentSpec", "apply", "plan"]

_INSTALL_TIMEOUT_S = 300


@dataclass(frozen=True)
class EnvironmentSpec:
    """Which environment has to be in use.

    ``root`` is the path of the link, ``digest`` what tells one set of wheels from another (12 digits or more),
    ``bundle`` the tar archive with requirements.txt and wheels/, needed only when it is not installed yet.
    """

    root: str
    digest: str
    bundle: str
    python: str

    @property
    def folder(self) -> str:
        """Return where the environment lies."""
        return f"{self.root}-{self.digest[:12]}"


@dataclass(frozen=True)
class EnvironmentChange(Change):
    """What is in use and what will be."""

    spec: EnvironmentSpec
    install: bool


def plan(spec: EnvironmentSpec) -> EnvironmentChange:
    """Return what has to be done; nothing is touched."""
    linked = os.readlink(spec.root) if os.path.islink(spec.root) else None
    complete = os.path.exists(_marker(spec.folder))
    before = {"in use": linked, "installed": complete}
    after = {"in use": spec.folder, "installed": True}
    return EnvironmentChange(before, after, spec, not complete)


def apply(change: EnvironmentChange) -> None:
    """Install what is missing, then switch the link; the daemon in use is not touched before.

    Raises:
        NodeError: GW407 when the bundle is not there, GW424 with pip's words, GW418 when the link cannot be written.
    """
    spec = change.spec
    if change.install:
        _install(spec)
    previous = change.before["in use"]
    if previous != spec.folder:
        os.utime(_marker(spec.folder))  # what runs from the link has to be started anew: see units.reads
        _switch(spec)
    for other in glob.glob(f"{glob.escape(spec.root)}-????????????"):
        if other not in (spec.folder, previous):
            shutil.rmtree(other)


def _marker(folder: str) -> str:
    return os.path.join(folder, "complete")


def _install(spec: EnvironmentSpec) -> None:
    if not os.path.exists(spec.bundle):
        raise NodeError("GW407", "python_environment.bundle", spec.bundle, "Copy the bundle to the node first.")
    shutil.rmtree(spec.folder, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(spec.root), prefix=".wheels-") as unpacked:
        with tarfile.open(spec.bundle) as archive:
            archive.extractall(unpacked, filter="data")
        _run([spec.python, "-m", "venv", spec.folder])
        pip = [os.path.join(spec.folder, "bin", "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
        pip += ["--no-cache-dir", "--disable-pip-version-check", "--require-hashes"]
        _run([*pip, f"--find-links={unpacked}/wheels", f"--requirement={unpacked}/requirements.txt"])
    with open(_marker(spec.folder), "w", encoding="ascii") as marker:
        marker.write(spec.digest + "\n")
        marker.flush()
        os.fsync(marker.fileno())
    with contextlib.suppress(FileNotFoundError):
        os.unlink(spec.bundle)


def _run(words: Sequence[str]) -> None:
    outcome = run(words, timeout_s=_INSTALL_TIMEOUT_S)
    if outcome.status != 0:
        fix = "The bundle does not fit this node: look at its Python version and architecture, or make it anew."
        raise NodeError("GW424", "python_environment", outcome.reason, fix)


def _switch(spec: EnvironmentSpec) -> None:
    fresh = f"{spec.root}.new"
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(fresh)
        os.symlink(spec.folder, fresh)
        os.replace(fresh, spec.root)
    except OSError as err:
        fix = f"Remove what stands at {spec.root} if it is not a link."
        raise NodeError("GW418", "python_environment.root", str(err), fix) from err
