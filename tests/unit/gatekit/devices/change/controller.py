"""A controller of its own process, to be killed: changes the box and then waits in a probe for ever.

Arguments: port, known_hosts, folder of the record, file to touch when the change is active, timed (yes or no).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import ProbeResult
from gatekit.devices.change.platform import Login
from gatekit.devices.change.record import DeviceRecord
from gatekit.devices.change.request import ChangeRequest
from tests.sites import example_plan
from tests.unit.gatekit.devices.change.box import PASSWORD, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import KEY, PACE, SECRETS


def main(port: str, known_hosts: str, folder: str, active: str, timed: str) -> None:
    def wait() -> ProbeResult:
        Path(active).touch()
        time.sleep(60)
        return ProbeResult(name="never", passed=True, found="")

    login = Login("box-k", "127.0.0.1", int(port), "gwops", Path(known_hosts), PASSWORD)
    request = ChangeRequest(
        platform=BoxPlatform({"psk": "<secret vpn_psk>", "ntp": "10.200.9.10"}, timed=timed == "yes"),
        login=login,
        part=example_plan("pattern4").l3_switch,
        secrets=SECRETS,
        plan_sha256="0" * 64,
        probes=(wait,),
        undo_after_s=600,
        pace=PACE,
    )
    change_device(request, DeviceRecord(Path(folder), "box-k", KEY))


if __name__ == "__main__":
    main(*sys.argv[1:])
