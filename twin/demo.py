"""``./demo``: the twin, the main job on it, and what was proved, in one go."""

from __future__ import annotations

import subprocess
from collections import defaultdict
from pathlib import Path

from gatekit.verify.evidence import Evidence
from twin import lifecycle
from twin.folders import ROOT, site_folder
from twin.progress import Progress

MACHINE_PACKAGES = (
    "podman",
    "runc",
    "netavark",
    "iptables",  # netavark 1.4 calls it
    "mmdebstrap",
    "debian-archive-keyring",
    "iproute2",
    "nftables",
    "openssh-client",
    "util-linux",
    "maven",  # fetches WildFly by its coordinates, with the machine's own settings
)
"""Debian and Ubuntu packages the twin wants on the machine."""
SITE_PLAYBOOK = "playbooks/site.yml"


def main_job(site: str, *arguments: str) -> list[str]:
    """Return the command of the main job on the twin: the hospital's, plus the twin as a source of connections."""
    twin = str((site_folder(site) / "hosts.yaml").relative_to(ROOT))
    return ["ansible-playbook", "-i", f"inventories/{site}", "-i", twin, *arguments]


def demo(site: str, progress: Progress, *, replace: bool, verbose: bool) -> int:
    """Raise the twin, build and prove the site, and say where evidence and report are.

    Returns:
        0 when everything was proved, else the exit status of what failed.
    Raises:
        TwinError: what ``lifecycle.up`` raises.
    """
    lifecycle.up(site, progress, replace=replace)
    command = main_job(site, *(["-v"] if verbose else []), SITE_PLAYBOOK)
    progress.say(" ".join(command))
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    folder = ROOT / "build" / site
    evidence = folder / "evidence.json"
    if status == 0:
        for line in _proved(evidence):
            progress.say(line)
        progress.say(f"evidence {evidence}")
        progress.say(f"report   {folder / 'report.html'}")
    else:
        progress.say(f"not proved; run again with -v for Ansible's own output. Evidence so far: {evidence}")
    return status


def _proved(path: Path) -> list[str]:
    """Return one line for all checks, one for each requirement's, one for what was not run."""
    evidence = Evidence.model_validate_json(path.read_bytes())
    found: dict[str, list[bool]] = defaultdict(list)
    for record in evidence.records:
        found[record.requirement].append(record.ok)
    rows = [f"{requirement} {sum(oks)}/{len(oks)}" for requirement, oks in sorted(found.items())]
    whole = f"{sum(record.ok for record in evidence.records)} of {len(evidence.records)} checks hold"
    return [whole, "proved: " + ", ".join(rows), f"not run here, with reasons in the report: {len(evidence.not_run)}"]
