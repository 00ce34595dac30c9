"""The twin of a site from nothing, a second run, and the verification alone."""

from __future__ import annotations

import re
import subprocess
import time
from functools import partial

from tools.benches.measure import ROOT, Numbers, seconds


def bench_demo(site: str) -> Numbers:
    """Return the seconds of a first run from nothing, a second run and the verification alone."""
    _run("./demo", "--down")
    numbers: Numbers = {"first_run_s": seconds(partial(_run, "./demo", site))}
    started = time.monotonic()
    output = _run("./demo", site)
    numbers["second_run_s"] = round(time.monotonic() - started, 2)
    numbers["second_run_changed"] = sum(int(found) for found in re.findall(r"changed=(\d+)", output))
    play = ("ansible-playbook", "-i", f"inventories/{site}", "-i", f"build/twin/{site}", "playbooks/verify.yml")
    numbers["verification_s"] = seconds(partial(_run, *play))
    return numbers


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout
