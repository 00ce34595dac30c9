"""A built site that is broken on purpose: root on its hosts, a selection of checks, and faults that are taken back.

The site is ``build/pattern4``, or what the environment variable GATEKIT_BUILT_SITE names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import testinfra

from gatekit.verify.evidence import read_site

ROOT = Path(__file__).resolve().parents[3]
SITE = Path(os.environ.get("GATEKIT_BUILT_SITE", ROOT / "build" / "pattern4"))


class Host:
    """One device of the built site, as root by testinfra; a command that fails is an error."""

    def __init__(self, name: str) -> None:
        _, _, targets = read_site(SITE)
        self._host = testinfra.get_host(targets.hosts[name].backend)

    def __call__(self, command: str) -> str:
        done = self._host.run(command)
        assert done.rc == 0, f"{command}: {done.stderr}"
        return str(done.stdout)


def verify(*only: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """Run a selection of checks; return the exit status and the records by id."""
    selection = [part for glob in only for part in ("--only", glob)]
    command = [sys.executable, "-m", "gatekit.verify", str(SITE), *selection]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    evidence = json.loads((SITE / "evidence.partial.json").read_text(encoding="utf-8"))
    return done.returncode, {row["id"]: row for row in evidence["records"]}


def green_again(*only: str) -> None:
    """Assert that the checks hold once the fault is taken back."""
    status, records = verify(*only)
    assert (status, [row["id"] for row in records.values() if not row["ok"]]) == (0, [])


@contextmanager
def fault(make: Callable[[], object], take_back: Callable[[], object]) -> Iterator[None]:
    """Make a fault and always take it back."""
    make()
    try:
        yield
    finally:
        take_back()


def red(records: dict[str, dict[str, Any]]) -> set[str]:
    return {identity for identity, row in records.items() if not row["ok"]}
