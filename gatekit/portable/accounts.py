"""Accounts of a Linux guest: key only, or locked; read from the node's own tables."""

from __future__ import annotations

import grp
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .changes import Change
from .commands import run
from .errors import NodeError

__all__ = ["AccountChange", "AccountSpec", "apply", "plan"]

SHADOW = "/etc/shadow"


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """One account without a password; ``groups`` are its additional groups, exactly these."""

    name: str
    home: str
    shell: str = "/bin/bash"
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountChange(Change):
    """The change of all accounts; ``specs`` are those that need something."""

    specs: tuple[AccountSpec, ...]


def plan(specs: Iterable[AccountSpec]) -> AccountChange:
    """Return what has to be done; nothing is touched.

    Raises:
        NodeError: GW404 when the password table may not be read.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    changing: list[AccountSpec] = []
    locked = _locked_names()
    for spec in specs:
        was = _found(spec.name, locked=spec.name in locked)
        will = {"home": spec.home, "shell": spec.shell, "groups": sorted(spec.groups), "password": "none"}
        if was != will:
            changing.append(spec)
            before[spec.name], after[spec.name] = was, will
    return AccountChange(before, after, tuple(changing))


def _locked_names() -> set[str]:
    try:
        rows = [line.split(":") for line in Path(SHADOW).read_text().splitlines()]
    except PermissionError as err:
        raise NodeError("GW404", SHADOW, str(err), "Run the task with become.") from err
    return {row[0] for row in rows if row[1].startswith(("!", "*"))}


def _found(name: str, *, locked: bool) -> dict[str, Any]:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return {}
    groups = sorted(group.gr_name for group in grp.getgrall() if name in group.gr_mem)
    return {"home": entry.pw_dir, "shell": entry.pw_shell, "groups": groups, "password": "none" if locked else "set"}


def apply(change: AccountChange) -> None:
    """Create or correct the accounts that differ.

    Raises:
        NodeError: GW406 with the tool's words when one is refused.
    """
    for spec in change.specs:
        new = not change.before[spec.name]
        words = ["useradd", "--create-home", "--user-group"] if new else ["usermod"]
        # "*" is no password and, unlike "!", not a locked account to PAM: keys keep working.
        words += [
            "--home" if not new else "--home-dir",
            spec.home,
            "--shell",
            spec.shell,
            "--password",
            "*",
            "--groups",
            ",".join(spec.groups),
            spec.name,
        ]
        outcome = run(words)
        if outcome.status != 0:
            raise NodeError(
                "GW406", f"accounts.{spec.name}", outcome.reason, "Correct the account by hand, then run again."
            )
