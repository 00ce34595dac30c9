"""The main job as a person runs it, and as it dies."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from twin import lifecycle
from twin.demo import SITE_PLAYBOOK, main_job
from twin.progress import Progress

ROOT = Path(__file__).resolve().parents[3]
SUMMARY = re.compile(r"^\s*(?P<host>\w+)\s+(?::\s+)?ok=\d+\s+changed=(?P<changed>\d+)\s", re.MULTILINE)
"""A host's line at the end of a run, as our callback writes it and, with -v, as Ansible does."""


@dataclass
class Run:
    """One run of the job: exit status, seconds, what it printed, and how much changed on each host."""

    status: int
    seconds: float
    output: str

    @property
    def changed(self) -> dict[str, int]:
        return {row["host"]: int(row["changed"]) for row in SUMMARY.finditer(self.output)}


@dataclass
class Job:
    """The main job of one example site on its twin."""

    site: str
    killed_after_s: list[float] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return ROOT / "build" / self.site

    def fresh_twin(self) -> None:
        """Take a twin of this site down and raise it anew; another twin on the machine is replaced."""
        lifecycle.down(self.site, Progress(), keep_images=True)
        lifecycle.up(self.site, Progress(), replace=True)

    def run(self, *arguments: str, playbook: str = SITE_PLAYBOOK, timeout_s: float = 900) -> Run:
        """Run a playbook to its end."""
        started = time.monotonic()
        command = [*main_job(self.site, *arguments), playbook]
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Run(done.returncode, time.monotonic() - started, done.stdout)

    def run_and_kill(self, after_s: float) -> bool:
        """Start the job and kill -9 it with all its children; return False when it ended before."""
        process = subprocess.Popen(
            [*main_job(self.site), SITE_PLAYBOOK],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.killed_after_s.append(after_s)
            return True
        return False


def killed_at_random_moments(job: Job, times: int, longest_s: float = 40.0) -> None:
    """Kill the job ``times`` times; GATEKIT_SEED repeats a run, and is printed so that it can."""
    seed = int(os.environ.get("GATEKIT_SEED", random.SystemRandom().randrange(10**6)))
    print(f"GATEKIT_SEED={seed}")
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    for _ in range(times):
        job.run_and_kill(moments.uniform(2.0, longest_s))
