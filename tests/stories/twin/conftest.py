"""The twin of pattern4, raised once for these stories and left as it was found: up or down."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator

import pytest

from twin import lifecycle
from twin.commands import environment
from twin.naming import container_name
from twin.progress import Progress

SITE = "pattern4"


class Twin:
    """What a story does with the twin: commands in hosts, and processes of theirs."""

    def run(self, host: str, *command: str, timeout_s: float = 20.0) -> subprocess.CompletedProcess[str]:
        """Run a command in a host; the caller looks at the exit code."""
        return subprocess.run(
            ["podman", "exec", container_name(SITE, host), *command],
            capture_output=True,
            text=True,
            env=environment(),
            timeout=timeout_s,
            check=False,
        )

    def pings(self, host: str, address: str) -> bool:
        """Return whether one of two echo requests is answered."""
        return self.run(host, "ping", "-c", "2", "-i", "0.2", "-W", "1", address).returncode == 0

    def output(self, host: str, *command: str) -> str:
        """Return what a command that has to succeed wrote."""
        done = self.run(host, *command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def quiet() -> Progress:
    return Progress(stream=io.StringIO())


def said(progress: Progress) -> str:
    assert isinstance(progress.stream, io.StringIO)
    return progress.stream.getvalue()


@pytest.fixture(scope="session")
def twin() -> Iterator[Twin]:
    """A fresh twin: the one that stands may be another site's, or bear what was built on it."""
    lifecycle.down(SITE, quiet(), keep_images=True)
    lifecycle.up(SITE, quiet(), replace=True)
    yield Twin()
    lifecycle.down(SITE, quiet(), keep_images=True)
