"""Run one command of the node: never through a shell, always with a time limit, in the C locale."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import NodeError

__all__ = ["Outcome", "available", "run"]


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    output: str
    error: str

    @property
    def reason(self) -> str:
        """Return the last lines it said, standard error first: enough for a person to act on."""
        said = self.error.strip() or self.output.strip()
        return "\n".join(said.splitlines()[-8:])


def _search_path() -> str:
    """Return PATH with the places of daemons, which an account's own PATH leaves out."""
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin", "/sbin", "/bin")).strip(os.pathsep)


def available(program: str) -> bool:
    """Return whether the node has the program."""
    return shutil.which(program, path=_search_path()) is not None


def run(words: Sequence[str], *, timeout_s: float = 60, environment: Mapping[str, str] | None = None) -> Outcome:
    """Return how the command ended.

    Raises:
        NodeError: GW407 when there is no such program, GW402 when it does not end in time.
    """
    settings = {**os.environ, "PATH": _search_path(), "LC_ALL": "C.UTF-8", **(environment or {})}
    try:
        done = subprocess.run(
            list(words),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env=settings,
            stdin=subprocess.DEVNULL,
            check=False,
            errors="replace",
        )
    except FileNotFoundError as err:
        raise NodeError("GW407", f"command.{words[0]}", words[0], "Install the package that brings it first.") from err
    except subprocess.TimeoutExpired as err:
        fix = f"It did not end within {timeout_s:g} s; look at the node's load and journal."
        raise NodeError("GW402", f"command.{words[0]}", " ".join(words), fix) from err
    return Outcome(done.returncode, done.stdout, done.stderr)
