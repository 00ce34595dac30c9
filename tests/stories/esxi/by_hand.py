"""The simulated host seen and changed with pyVmomi alone, not with what is tested."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyVim.connect import Disconnect, SmartConnect


@contextmanager
def service(folder: Path) -> Iterator[Any]:
    """Open a session with the simulator of a folder, over verified TLS."""
    context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    password = (folder / "password").read_text()
    port = int((folder / "port").read_text())
    found = SmartConnect(host="127.0.0.1", port=port, user="root", pwd=password, sslContext=context)
    try:
        yield found
    finally:
        Disconnect(found)


def host(found: Any) -> Any:
    """Return the one host."""
    return found.content.rootFolder.childEntity[0].hostFolder.childEntity[0].host[0]


def vms(found: Any) -> dict[str, Any]:
    """Return the VMs by name."""
    return {vm.name: vm for vm in found.content.rootFolder.childEntity[0].vmFolder.childEntity}


def finish(task: Any) -> None:
    """Wait for a task that succeeds."""
    while task.info.state in ("queued", "running"):
        time.sleep(0.05)
    assert task.info.state == "success", task.info.error
