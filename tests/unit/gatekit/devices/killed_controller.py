"""A controller in a process of its own, to be killed: changes a row's box and then waits in a probe for ever."""

from __future__ import annotations

import time
from multiprocessing.process import BaseProcess
from pathlib import Path

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ProbeResult
from gatekit.devices.change.platform import Login
from gatekit.devices.change.record import DeviceRecord
from tests.unit.gatekit.devices.processes import PROCESSES
from tests.unit.gatekit.devices.safety import KEY, change_request, rows

rows()  # read before the first fork


def start(name: str, login: Login, folder: Path, active: Path) -> BaseProcess:
    """Return a running controller; it touches ``active`` when its change is in force and not yet kept."""
    controller = PROCESSES.Process(target=_change, args=(name, login, folder, active), daemon=True)
    controller.start()
    return controller


def _change(name: str, login: Login, folder: Path, active: Path) -> None:
    def wait() -> ProbeResult:
        active.touch()
        time.sleep(600)
        return ProbeResult(name="never", passed=True, found="")

    row = rows()[name]
    change_device(change_request(row, login, row.platform, probes=(wait,)), DeviceRecord(folder, "device", KEY))
