"""The ways in which a change of a FortiGate can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.devices.fortios import PLATFORM
from gatekit.simulators.fortios import FortiGate
from tests.unit.gatekit.devices.safety import Cut, Row
from tests.unit.gatekit.simulators.fortios.box import SECRETS, firewall, planned, shown, typed

GLOBAL = "config system global"
DMZ_PORT, ACCOUNT = ("config system interface", 'edit "port2"'), ("config system admin", 'edit "gwops"')


def make_box(speed: float) -> FortiGate:
    box = planned(firewall(), speed=speed)
    typed(box, GLOBAL, "set hostname fw-before", "end")
    return box


def types(*lines: str) -> Callable[[Any], None]:
    return lambda box: typed(box, *lines)


ROWS = {
    "fortios firewall": Row(
        platform=PLATFORM,
        part=firewall(),
        make_box=make_box,
        state=lambda box: (shown(box), box.running.value("system global", "cfg-save")),
        cuts={
            "the service on the interface": Cut((*DMZ_PORT, "set allowaccess ping", "next", "end")),
            "the address": Cut((*DMZ_PORT, "set ip 10.161.4.253 255.255.255.0", "next", "end")),
            "the trusted host": Cut((*ACCOUNT, "set trusthost2 10.161.4.251 255.255.255.255", "next", "end")),
            "our account": Cut((ACCOUNT[0], 'delete "gwops"', "end")),
        },
        refused="config system frobnicator",
        edits=types(GLOBAL, "set cfg-revert-timeout 100000", "set cfg-save manual", "end"),
        saves=types(GLOBAL, "set hostname fw-moved", "end"),
        secrets=SECRETS,
        undo_after_s=12_000,
        speed=200.0,
    )
}
