"""The ways in which a change of a Cisco box can go wrong."""

from __future__ import annotations

from typing import Any

from gatekit.devices.cisco_ios import PLATFORM
from gatekit.simulators.cisco_ios.editing import Editing
from tests.unit.gatekit.devices.cisco_ios.boxes import SECRETS, cpe_part, planned_box, switch_box, switch_part
from tests.unit.gatekit.devices.safety import Cut, Row

THEIRS = "snmp-server location cellar"


def cuts(interface: str, *terminal_lines: str) -> dict[str, Cut]:
    closed = tuple(line for name in terminal_lines for line in (name, "no transport input ssh"))
    return {
        "the interface": Cut((f"interface {interface}", "shutdown")),
        "the address": Cut((f"interface {interface}", "no ip address")),
        "the terminal lines": Cut(closed),
        "our password": Cut(("username gwops privilege 15 secret another-1",), ends_sessions=False),
    }


def edits(box: Any) -> None:
    Editing(box.running).take(THEIRS)


def saves(box: Any) -> None:
    edits(box)
    box.startup = box.running.copy()


def state(box: Any) -> tuple[object, ...]:
    return box.running_text(), box.startup_text(), box.rollback.pending


ROWS = {
    "cisco_ios cpe": Row(
        platform=PLATFORM,
        part=cpe_part(),
        make_box=lambda speed: planned_box(
            cpe_part(), PLATFORM.render(cpe_part()).replace("ip mtu 1400", "ip mtu 1500"), speed=speed
        ),
        state=state,
        cuts={
            **cuts("GigabitEthernet0/0/1", "line vty 0 4", "line vty 5 15"),
            "the list": Cut(
                ("ip access-list extended GW-LAN-IN", "no permit tcp host 10.161.1.250 host 10.161.252.5 eq 22")
            ),
        },
        refused="ip rout 1.2.3.4",
        edits=edits,
        saves=saves,
        secrets=SECRETS,
        unseen=("$9$",),
        undo_after_s=120,
    ),
    "cisco_ios l3_switch": Row(
        platform=PLATFORM,
        part=switch_part(),
        make_box=lambda speed: switch_box(speed=speed),
        state=state,
        cuts=cuts("Vlan10", "line vty 0 4"),
        refused="ip rout 10.99.0.0 255.255.0.0 192.168.10.9",
        edits=edits,
        saves=saves,
        unseen=("$9$", "hospital"),
        undo_after_s=120,
    ),
}
