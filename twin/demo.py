"""A whole hospital on this machine in one go: the twin, then the main job against it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from twin import lifecycle
from twin.folders import ROOT, site_folder
from twin.progress import Progress

MACHINE_PACKAGES = (
    "podman",
    "runc",
    "netavark",
    "mmdebstrap",
    "debian-archive-keyring",
    "iproute2",
    "nftables",
    "openssh-client",
    "util-linux",
)
"""Debian and Ubuntu packages the twin wants on the machine."""


def demo(site: str, progress: Progress, *, replace: bool, verbose: bool) -> int:
    """Raise the twin, run the main job on it; return the job's exit code."""
    lifecycle.up(site, progress, replace=replace)
    progress.say("main job: ansible-playbook playbooks/site.yml")
    job = Path(sys.executable).parent / "ansible-playbook"
    command = [str(job), "-i", f"inventories/{site}", "-i", str(site_folder(site)), "playbooks/site.yml"]
    done = subprocess.run([*command, *(["-v"] if verbose else [])], cwd=ROOT, check=False)
    progress.say(f"main job ended with {done.returncode}")
    return done.returncode
