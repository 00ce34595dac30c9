"""Root on the twin's hosts, and eyes on the FLET'S line: what passes it, sent and seen in the NGN's own namespace."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gatekit.plan.model import Plan
from twin import podman
from twin.lifecycle import plan_of

ROOT = Path(__file__).resolve().parents[3]


class Line:
    """One twin with a CPE."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.plan: Plan = plan_of(site)

    def on(self, host: str, *command: str, check: bool = True) -> str:
        """Run a command as root on a host, in all its namespaces; return what it printed."""
        pid = self._process(host)
        inside = ["nsenter", f"--target={pid}", "--mount", "--net", "--pid", "--root", "--wd=/", "--", *command]
        done = subprocess.run(inside, capture_output=True, text=True, check=False, timeout=120)
        assert not check or done.returncode == 0, f"{host}: {' '.join(command)}: {done.stderr}"
        return done.stdout

    def beside(self, host: str, module: str, *words: str) -> subprocess.Popen[str]:
        """Start a module of ours in a host's network alone, with this machine's files and Python."""
        pid = self._process(host)
        command = ["nsenter", f"--net=/proc/{pid}/ns/net", sys.executable, "-m", module, *words]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def _process(self, host: str) -> int:
        """Return a host's process 1; virtual machines have names of the ESX simulator's."""
        (name,) = (one.name for one in podman.containers(self.site) if one.host == host)
        return podman.process_id(name)

    def wan_address(self, host: str = "cpe") -> str:
        """Return the global IPv6 address that the unit learnt from the line, on whichever interface it is."""
        rows = json.loads(self.on(host, "ip", "-j", "-6", "address", "show", "scope", "global"))
        found = [row["local"] for each in rows for row in each["addr_info"] if "local" in row]
        assert len(found) == 1, found
        return str(found[0])

    def sas(self, host: str) -> str:
        """Return the SAs of an end of the tunnel."""
        return self.on(host, "swanctl", "--list-sas", "--raw")

    @contextmanager
    def watched(self) -> Iterator[dict[str, Any]]:
        """Count what passes the line meanwhile; the counts are there when the block has ended."""
        counts: dict[str, Any] = {}
        watcher = self.beside("ngn", "tests.stories.cpe.watch_line")
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "watching\n"
        try:
            yield counts
        finally:
            watcher.terminate()
            counts |= json.loads(watcher.communicate(timeout=10)[0])
