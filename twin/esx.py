"""The ESX simulator: a process of this machine that listens in the `esxi` host's network namespace.

VMs become sibling containers: the simulator calls `docker`, which is a wrapper of ours that goes back to
this machine's network namespace (which the simulator inherits as an open file) and calls podman.
Its state is in memory only: when it ends, its VMs are leftovers and are removed before it starts again.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from gatekit.errors import TwinError
from gatekit.plan.model import Plan
from twin.commands import environment, require_tool
from twin.pki import Pki, write_private

_WRAPPER = """\
#!/bin/sh
# a VM that goes with its host is asked nothing, however long its guest may take to stop
[ "$1" != rm ] || {{ shift; set -- rm --time=0 "$@"; }}
exec nsenter --net=/proc/self/fd/$TWIN_NAMESPACE_FD {podman} "$@"
"""
_STOP_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Simulator:
    """The simulator of one twin; its run folder is in /run, so that nothing of it outlives the machine's boot."""

    site: str

    @property
    def folder(self) -> Path:
        """Return /run/gatekit/<site>."""
        return Path("/run/gatekit") / self.site

    @property
    def log(self) -> Path:
        """Return the file with what the simulator said."""
        return self.folder / "esxsim.log"

    def process_id(self) -> int | None:
        """Return the running simulator's process id; None when there is none."""
        record = self._record()
        pid = int(record.get("pid", 0))
        return pid if pid and _started_at(pid) == record["started_at"] else None

    def serves(self, binary: Path, namespace_of: int) -> bool:
        """Return whether the simulator runs, is this binary, and sits in the network of process ``namespace_of``."""
        pid = self.process_id()
        return pid is not None and self._record().get("binary") == binary.name and _same_network(pid, namespace_of)

    def _record(self) -> dict[str, Any]:
        try:
            return cast("dict[str, Any]", json.loads((self.folder / "esxsim.json").read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def start(self, binary: Path, plan: Plan, pki: Pki, password: str, namespace_of: int) -> int:
        """Start the simulator in the network namespace of process ``namespace_of``; return its process id."""
        self._lay_out(binary, password)
        command = [
            require_tool("nsenter"), f"--net=/proc/{namespace_of}/ns/net", str(self.folder / "bin" / "esxsim"),
            "-listen", f"{plan.esxi.address}:443", "-tls-cert", str(pki.certificate("esxi")),
            "-tls-key", str(pki.key("esxi")), "-user", plan.esxi.administrator,
            "-password-file", str(self.folder / "password"), "-datastore", plan.esxi.datastore, "-control",
        ]  # fmt: skip
        namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
        os.set_inheritable(namespace, True)
        extra = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "TWIN_NAMESPACE_FD": str(namespace),
            "VCSIM_INSPECT_INTERVAL": "1s",
        }
        said = (str(self.log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, *said),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        try:  # it outlives us: a child nobody waits for
            pid = os.posix_spawn(command[0], command, environment(extra), file_actions=actions, setsid=True)
        finally:
            os.close(namespace)
        record = {"pid": pid, "started_at": _started_at(pid), "binary": binary.name}
        (self.folder / "esxsim.json").write_text(json.dumps(record))
        return pid

    def stop(self) -> bool:
        """End the simulator (it removes its VMs on the way) and its run folder; return whether it ran."""
        pid = self.process_id()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            if not _gone(pid, _STOP_TIMEOUT_S):
                os.kill(pid, signal.SIGKILL)
                _gone(pid, _STOP_TIMEOUT_S)
            with contextlib.suppress(ChildProcessError):  # ours only when this process started it
                os.waitpid(pid, os.WNOHANG)
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # another twin's folder is in it, or there never was one
            self.folder.parent.rmdir()
        return pid is not None

    def _lay_out(self, binary: Path, password: str) -> None:
        programs = self.folder / "bin"
        programs.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        partial = programs / "esxsim.partial"
        shutil.copyfile(binary, partial)
        partial.chmod(0o700)
        partial.rename(programs / "esxsim")
        wrapper = programs / "docker"
        wrapper.write_text(_WRAPPER.format(podman=require_tool("podman")))
        wrapper.chmod(0o700)
        write_private(self.folder / "password", password.encode())


def refuse_dead(simulator: Simulator, pid: int) -> None:
    """Raise TwinError GW703 with the simulator's last words when it ended right after its start."""
    if _started_at(pid) is None:
        said = simulator.log.read_text(errors="replace").strip()[-800:]
        raise TwinError("GW703", "twin.esxi.simulator", said, f"Read {simulator.log}.")


def _started_at(pid: int) -> str | None:
    """Return when a process started, in clock ticks since boot; None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields[19]


def _same_network(pid: int, other: int) -> bool:
    try:
        return Path(f"/proc/{pid}/ns/net").readlink() == Path(f"/proc/{other}/ns/net").readlink()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _gone(pid: int, timeout_s: float) -> bool:
    end = time.monotonic() + timeout_s
    while True:
        with contextlib.suppress(ChildProcessError):  # our child only when this very run started it
            os.waitpid(pid, os.WNOHANG)
        if _started_at(pid) is None:
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
