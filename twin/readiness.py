"""When a host is up: its init says so, or its program is past its start. Asked in its own namespaces."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from ipaddress import IPv4Address
from pathlib import Path

from gatekit.errors import TwinError
from twin.commands import run, succeeds
from twin.topology import Host, Kind

DEADLINE_S = 90.0
_POLL_S = 0.2


def wait_ready(hosts: Mapping[Host, int], deadline_s: float = DEADLINE_S) -> None:
    """Return when every host is ready; ``hosts`` maps each to its process 1 on this machine.

    Raises:
        TwinError: GW704 naming the first host that is not, and what failed in it.
    """
    end = time.monotonic() + deadline_s
    waiting = dict(hosts)
    while waiting:
        waiting = {host: pid for host, pid in waiting.items() if not is_ready(host, pid)}
        failed = next((host for host, pid in waiting.items() if _cannot_become_ready(host, pid)), None)
        if failed is not None or (waiting and time.monotonic() > end):
            host = failed or next(iter(waiting))
            raise TwinError("GW704", f"twin.{host.name}", _complaint(host, waiting[host]), "Read its journal.")
        if waiting:
            time.sleep(_POLL_S)


def is_ready(host: Host, pid: int) -> bool:
    """Return whether a host is up and its listeners answer; False when its process is gone."""
    if not is_alive(pid):
        return False
    if host.boots:
        return _state(pid) in _up(host)
    return succeeds(inside(pid, "test", "-e", "/run/twin-ready")) and all(
        _listens(pid, one.port) for one in host.listeners
    )


def _cannot_become_ready(host: Host, pid: int) -> bool:
    return not is_alive(pid) or (host.boots and _state(pid) == "degraded" and "degraded" not in _up(host))


def _up(host: Host) -> frozenset[str]:
    """Return what systemd says when the host is up: on the bench a spare has no line, and its tunnel fails visibly."""
    return frozenset({"running", "degraded"} if host.kind is Kind.CPE_SPARE else {"running"})


def is_alive(pid: int) -> bool:
    """Return whether a process is there."""
    return pid > 0 and Path(f"/proc/{pid}").is_dir()


def answers(address: IPv4Address, port: int, deadline_s: float) -> bool:
    """Return whether a TCP port takes a connection before the deadline."""
    end = time.monotonic() + deadline_s
    while time.monotonic() < end:
        try:
            socket.create_connection((str(address), port), timeout=1.0).close()
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def inside(pid: int, *command: str) -> list[str]:
    """Return a command as it runs in the host whose process 1 this is."""
    return ["nsenter", f"--target={pid}", "--mount", "--net", "--pid", "--root", "--wd=/", "--", *command]


def _state(pid: int) -> str:
    """Return what systemd says of itself: starting, running, degraded ...; empty when nobody answers."""
    command = inside(pid, "systemctl", "is-system-running")
    script = ["sh", "-c", '"$@" 2>/dev/null; exit 0', "sh", *command]
    return run(script, timeout_s=20).strip()


def _listens(pid: int, port: int) -> bool:
    listening = run(inside(pid, "ss", "-Hltn", f"sport = :{port}"))
    return bool(listening.strip())


def _complaint(host: Host, pid: int) -> str:
    if not is_alive(pid):
        return "its container does not run"
    if not host.boots:
        return "its program did not come up"
    failed = run(inside(pid, "systemctl", "list-units", "--failed", "--plain", "--no-legend")).split("\n")
    units = ", ".join(line.split()[0] for line in failed if line.strip())
    return f"{_state(pid) or 'no answer'}; failed units: {units or 'none'}"
