"""A controller of its own process, to be ended: changes the box and then waits in a probe for ever."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ProbeResult
from gatekit.devices.change.platform import Login
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from tests.sites import example_plan
from tests.unit.gatekit.devices.change.box import BoxPlatform
from tests.unit.gatekit.devices.change.conftest import KEY, PACE, SECRETS


def main(login: Login, folder: Path, active: Path, *, timed: bool) -> None:
    """Change the box; ``active`` is touched when the change is in force and not yet kept."""

    def wait() -> ProbeResult:
        active.touch()
        time.sleep(600)
        return ProbeResult(name="never", passed=True, found="")

    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell began the tests in the background
    request = ChangeRequest(
        platform=BoxPlatform({"psk": "<secret vpn_psk>", "ntp": "10.200.9.10"}, timed=timed),
        login=login,
        part=example_plan("pattern4").l3_switch,
        secrets=SECRETS,
        plan_sha256="0" * 64,
        probes=(wait,),
        undo_after_s=600,
        pace=PACE,
    )
    change_device(request, DeviceRecord(folder, "box-k", KEY))
