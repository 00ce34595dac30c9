"""The one place that runs other programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatekit.errors import TwinError
from twin.folders import CACHE

_PACKAGE_OF = {
    "podman": "podman",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "nft": "nftables",
    "nsenter": "util-linux",
    "runc": "runc",
    "ssh-keygen": "openssh-client",
}
_CONTAINERS_CONF = """\
# Written by the twin. runc: crun fails on some kernels; the limits are the highest that always can be set.
[containers]
default_ulimits = ["nofile=1024:20000", "nproc=1024:20000"]
[engine]
runtime = "runc"
"""


def require_tool(name: str) -> str:
    """Return the tool's path; TwinError GW703 with the Debian package to install when it is missing."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        package = _PACKAGE_OF.get(name, name)
        raise TwinError("GW703", f"machine.{name}", "missing", f"Install it: apt-get install {package}.")
    return path


def containers_conf() -> Path:
    """Return our podman settings, written when missing or different (never /etc)."""
    path = CACHE / "containers.conf"
    if not path.is_file() or path.read_text() != _CONTAINERS_CONF:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_CONTAINERS_CONF)
    return path


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for podman: ours, with CONTAINERS_CONF set to our file."""
    return {**os.environ, "CONTAINERS_CONF": str(containers_conf()), **(extra or {})}


def run(
    command: Sequence[str],
    *,
    stdin: bytes | None = None,
    timeout_s: float = 120.0,
    log: Path | None = None,
    extra: Mapping[str, str] | None = None,
) -> str:
    """Return standard output of a command that ended well.

    ``log`` takes standard output and error as they come (a build); the result is then empty.
    ``extra`` is added to the environment.
    Raises TwinError GW703 with the last lines it said when it failed or took too long.
    """
    program = require_tool(command[0])
    try:
        if log is None:
            done = subprocess.run(
                [program, *command[1:]],
                input=stdin,
                capture_output=True,
                env=environment(extra),
                timeout=timeout_s,
                check=False,
            )
            said = done.stdout + done.stderr
        else:
            with log.open("wb") as out:
                done = subprocess.run(
                    [program, *command[1:]],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    check=False,
                    env=environment(extra),
                    timeout=timeout_s,
                )
            said = log.read_bytes()
    except subprocess.TimeoutExpired as late:
        raise _failed(command, f"no end after {timeout_s:.0f} s") from late
    if done.returncode != 0:
        raise _failed(command, said.decode(errors="replace").strip()[-1200:] or f"rc {done.returncode}")
    return (done.stdout or b"").decode(errors="replace")


def run_json(command: Sequence[str]) -> object:
    """Return what a command wrote as JSON; None when it wrote nothing."""
    text = run(command).strip()
    return json.loads(text) if text else None


def succeeds(command: Sequence[str], *, timeout_s: float = 10.0) -> bool:
    """Return whether the command ended with 0 in time: for questions, not for deeds."""
    try:
        done = subprocess.run(
            [require_tool(command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment(),
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _failed(command: Sequence[str], said: str) -> TwinError:
    name = " ".join(command[:3])
    return TwinError("GW703", f"machine.{name}", said, "Read what it said; the twin changed nothing after it.")
