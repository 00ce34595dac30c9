"""Run one of our self-contained programs on a probe host and take its answer."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gatekit.errors import VerifyError
from gatekit.probes.target import ProbeTarget

PROBE_LIMIT_S = 900


def probe_command(backend: str, job_text: str) -> list[str]:
    """Return the command that runs a program's text from standard input on one host, as root."""
    url = urlsplit(backend)
    python = ["python3", "-I", "-", job_text]
    match url.scheme:
        case "podman":
            return ["podman", "exec", "-i", url.netloc, *python]
        case "ssh":
            config = parse_qs(url.query).get("ssh_config", [])
            options = [part for path in config for part in ("-F", path)]
            return ["ssh", *options, "-o", "BatchMode=yes", url.netloc, "sudo", "-n", shlex.join(python)]
        case "local":
            return [sys.executable, "-I", "-", job_text] if os.geteuid() == 0 else ["sudo", "-n", *python]
        case _:
            raise VerifyError(
                "GW601", "targets.probes", backend, "Use podman://NAME, ssh://HOST?ssh_config=F or local://."
            )


def run_probe(
    name: str, probe: ProbeTarget, job: Mapping[str, Any], *, limit_s: float = PROBE_LIMIT_S
) -> dict[str, Any]:
    """Return one host's answers to a job of ``gatekit.portable.probe``.

    Raises:
        VerifyError: GW601 when it cannot be run or does not end in time.
    """
    return _run("probe.py", name, probe, job, limit_s)


def run_port_scan(name: str, probe: ProbeTarget, job: Mapping[str, Any]) -> dict[str, Any]:
    """Return what one pass of ``gatekit.portable.port_scan`` saw from one host; errors as ``run_probe``."""
    return _run("port_scan.py", name, probe, job, PROBE_LIMIT_S)


def _run(program: str, name: str, probe: ProbeTarget, job: Mapping[str, Any], limit_s: float) -> dict[str, Any]:
    text = files("gatekit.portable").joinpath(program).read_bytes()
    command = probe_command(probe.backend, json.dumps(job))
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=limit_s, check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise cannot_run(name, " ".join(said) or f"exit status {error.returncode}") from error
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise cannot_run(name, type(error).__name__) from error
    return answer


def cannot_run(name: str, said: str) -> VerifyError:
    return VerifyError("GW601", f"probes.{name}", said, "Check that the host is up, reachable and has python3.")
