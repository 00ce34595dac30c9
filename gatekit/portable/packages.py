"""Debian packages and where they come from, as one change.

Services of packages are held back while they are installed, so that no daemon ever runs with the
distribution's own configuration: its unit is masked until reboot, which a killed run cannot make
permanent and ``units`` undoes.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from dataclasses import dataclass

from . import files
from .changes import Change
from .commands import run
from .errors import NodeError
from .files import FileChange, FileSpec

__all__ = ["PackageChange", "apply", "installed", "plan"]

_APT = ("apt-get", "--yes", "--quiet=2", "--option=DPkg::Lock::Timeout=120")
# Our configuration may stand before its package is installed or upgraded: the file on the disk always wins.
_INSTALL = (
    "--no-install-recommends",
    "--option=Dpkg::Options::=--force-confold",
    "--option=Dpkg::Options::=--force-confdef",
)
_SOURCE_GLOBS = ("/etc/apt/sources.list", "/etc/apt/sources.list.d/*.list", "/etc/apt/sources.list.d/*.sources")
_INSTALL_TIMEOUT_S = 900


@dataclass(frozen=True)
class PackageChange(Change):
    """Sources to write, packages to install and to purge."""

    sources: FileChange
    missing: tuple[str, ...]
    unwanted: tuple[str, ...]

    def diffs(self) -> list[dict[str, str]]:
        """Return the packages' before/after pair, then one for each source file."""
        return [self.diff(), *self.sources.diffs()]


def installed(names: Iterable[str]) -> dict[str, bool]:
    """Return for each package whether dpkg holds it as installed."""
    names = tuple(names)
    if not names:
        return {}
    # Status 1 only says that a name is unknown to dpkg: that is "not installed".
    outcome = run(["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\\n", *names])
    if outcome.status not in (0, 1):
        raise NodeError("GW424", "packages", outcome.reason, "Repair dpkg's database: dpkg --audit.")
    present = {line.split()[0] for line in outcome.output.splitlines() if line.endswith(" installed")}
    return {name: name in present for name in names}


def plan(
    wanted: Iterable[str], unwanted: Iterable[str], sources: Iterable[FileSpec], *, exclusive: bool
) -> PackageChange:
    """Return what has to be installed, purged and written; nothing is touched.

    Args:
        wanted: names that have to be installed.
        unwanted: names that are purged.
        sources: files that say where packages come from.
        exclusive: whether every other package source of the node is removed.
    """
    sources = tuple(sources)
    if exclusive:
        ours = {spec.path for spec in sources}
        others = sorted({path for pattern in _SOURCE_GLOBS for path in glob.glob(pattern)} - ours)
        sources += tuple(FileSpec(path, "absent") for path in others)
    file_change = files.plan(sources, {})
    wanted, unwanted = tuple(wanted), tuple(unwanted)
    now = installed((*wanted, *unwanted))
    missing = tuple(name for name in wanted if not now[name])
    surplus = tuple(name for name in unwanted if now[name])
    before = dict.fromkeys(missing, "absent") | dict.fromkeys(surplus, "installed") | dict(file_change.before)
    after = dict.fromkeys(missing, "installed") | dict.fromkeys(surplus, "absent") | dict(file_change.after)
    return PackageChange(before, after, file_change, missing, surplus)


def apply(change: PackageChange, held_units: Iterable[str]) -> None:
    """Write the sources, read their lists, purge and install; no held unit starts meanwhile.

    Raises:
        NodeError: GW424 with apt's words; GW418 when a source cannot be written.
    """
    files.apply(change.sources, {})
    if change.unwanted:
        _apt("purge", change.unwanted)
    if change.sources.changed or change.missing:
        # "update" alone would end with status 0 when a source is unreachable.
        _apt("update", (), "--option=APT::Update::Error-Mode=any")
    if change.missing:
        _install(change.missing, tuple(held_units))


def _install(names: tuple[str, ...], held: tuple[str, ...]) -> None:
    _hold("mask", held)
    try:
        _apt("install", names, *_INSTALL)
    finally:
        _hold("unmask", held)


def _hold(verb: str, units: tuple[str, ...]) -> None:
    if not units:
        return
    outcome = run(["systemctl", verb, "--runtime", "--", *units])
    if outcome.status != 0:
        raise NodeError("GW420", "packages.held_units", outcome.reason, "Look whether systemd runs.")


def _apt(verb: str, names: tuple[str, ...], *options: str) -> None:
    words = [*_APT, *options, verb, *(["--", *names] if names else [])]
    outcome = run(words, timeout_s=_INSTALL_TIMEOUT_S, environment={"DEBIAN_FRONTEND": "noninteractive"})
    if outcome.status != 0:
        fix = "Look whether the package source answers and holds them: apt-get update; apt-cache policy."
        raise NodeError("GW424", f"packages.{verb}", outcome.reason, fix)
