"""The ways in which a change of an RTX can go wrong."""

from __future__ import annotations

from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.simulators import Clock
from gatekit.simulators.yamaha_rtx import YamahaRtx
from tests.unit.gatekit.devices.safety import Cut, Row
from tests.unit.gatekit.devices.yamaha_rtx.conftest import SECRETS, STAGING, cpe, with_secrets


def make_box(speed: float) -> YamahaRtx:
    lines = with_secrets(PLATFORM.render(cpe())).replace("gateway 10.161.252.6", "gateway 10.161.252.7")
    users = {"gwops": SECRETS["cpe_password"]}
    return YamahaRtx("cpe", clock=Clock(speed), users=users, client_address=STAGING, lines=lines)


def saves(box: YamahaRtx) -> None:
    box.apply("snmp sysname theirs", 0)
    box.save()


ROWS = {
    "yamaha_rtx cpe": Row(
        platform=PLATFORM,
        part=cpe(),
        make_box=make_box,
        state=lambda box: (box.running.text(), box.startup.text(), dict(box.timers)),
        cuts={
            "the hosts of the SSH server": Cut(("sshd host 10.161.1.30",), ends_sessions=False),
            "the SSH server": Cut(("sshd service off",), ends_sessions=False),
            "our password": Cut(("login user gwops another-1",), ends_sessions=False),
            "the filter": Cut(("ip lan1 secure filter in 868776",)),
        },
        refused="ip route 999.1.1.0/24 gateway 10.161.252.6",
        edits=lambda box: box.apply("snmp sysname theirs", 0),
        saves=saves,
        secrets=SECRETS,
        undo_after_s=3600,
        speed=60.0,
    )
}
