"""Ask a daemon's own checker about files that are not in place yet.

The files a checker reads are staged below one private directory under their own absolute paths.
Where a staged file names another staged file, or all files of its directory (``/etc/x.d/*``), the
staged text names the staged copy instead; so a daemon that includes several files judges the whole set.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .commands import available, run
from .errors import NodeError
from .files import FileChange, FileSpec
from .secrets import reveal, scrub

__all__ = ["check"]


def check(change: FileChange, secrets: Mapping[str, str], *, predict: bool) -> tuple[str, ...]:
    """Run every checker that reads a changing file; return the paths that could not be checked.

    Args:
        change: the set, all of it staged for the checkers, changing or not.
        secrets: values put into the staged copies, taken out of what a checker says.
        predict: in check mode, where the package that brings a checker may not be installed yet, its
            files are returned as unchecked; in a real run a missing checker is an error.
    Raises:
        NodeError: GW419 refused by the checker, GW407 no such checker.
    """
    unchecked: list[str] = []
    changing = set(change.paths)
    for spec in change.all_specs:
        group = _group(spec, change.all_specs)
        if not spec.checker or not changing & {member.path for member in group}:
            continue
        program = shlex.split(spec.checker)[0]
        if not available(program):
            if not predict:
                raise NodeError("GW407", f"{spec.path}.checker", program, "Install the package that brings it first.")
            unchecked += [member.path for member in group if member.path in changing]
            continue
        _run(spec, group, secrets)
    return tuple(unchecked)


def _group(main: FileSpec, specs: tuple[FileSpec, ...]) -> tuple[FileSpec, ...]:
    return (main, *(spec for spec in specs if spec.checked_with == main.path))


def _run(main: FileSpec, group: tuple[FileSpec, ...], secrets: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="gatekit-check-") as stage:
        _fill(stage, group, secrets)
        words = [word.replace("%s", stage + main.path) for word in shlex.split(main.checker)]
        outcome = run(words)
        if outcome.status != 0:
            said = scrub(outcome.reason.replace(stage, ""), secrets)
            raise NodeError("GW419", main.path, said, f"{words[0]} refused it; correct the plan or the template.")


def _fill(stage: str, group: tuple[FileSpec, ...], secrets: Mapping[str, str]) -> None:
    for spec in group:
        if spec.state != "present":
            continue
        text = reveal(spec.path, spec.content, secrets)
        for directory in sorted({str(Path(member.path).parent) for member in group}, reverse=True):
            if f"{directory}/*" in text:
                _copy_siblings(stage, directory, group)
                text = text.replace(f"{directory}/*", f"{stage}{directory}/*")
        for member in sorted(group, key=lambda other: -len(other.path)):
            if member.path != spec.path:
                text = text.replace(member.path, stage + member.path)
        _write(stage + spec.path, text.encode())


def _copy_siblings(stage: str, directory: str, group: tuple[FileSpec, ...]) -> None:
    """Copy what else stands in an included directory, but not what the set replaces or removes."""
    ours = {spec.path for spec in group}
    for sibling in sorted(Path(directory).glob("*")):
        if sibling.is_file() and str(sibling) not in ours:
            _write(f"{stage}{sibling}", sibling.read_bytes())


def _write(path: str, content: bytes) -> None:
    target = Path(path)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.write_bytes(content)
    target.chmod(0o600)
