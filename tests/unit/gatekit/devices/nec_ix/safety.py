"""The ways in which a change of an IX can go wrong.

A renewed password is none of these: no line brings the former one back, see ``test_transaction.py``.
"""

from __future__ import annotations

from gatekit.devices.nec_ix import PLATFORM
from gatekit.devices.nec_ix.text import settled
from gatekit.simulators import Clock
from gatekit.simulators.nec_ix import NecIx
from tests.unit.gatekit.devices.safety import Cut, Row
from tests.unit.gatekit.simulators.nec_ix.boxes import SECRETS, part, settled_box

LAN = "interface GigaEthernet1.0"
OUR_LOGIN = "lan-in permit tcp src 10.161.2.250/32 sport any dest 10.161.252.9/32 dport eq 22"


def make_box(speed: float) -> NecIx:
    box = settled_box()
    box.clock = Clock(speed)
    box.startup.take("no ip access-list mgmt-src permit ip src 10.161.2.30/32 dest any")
    box.boot()
    return box


def saves(box: NecIx) -> None:
    box.running.take("ip route 10.77.0.0/16 10.161.252.10")
    box.startup = box.running.copy()


ROWS = {
    "nec_ix cpe": Row(
        platform=PLATFORM,
        part=part(),
        make_box=make_box,
        state=lambda box: tuple(settled(one.text(keys_in_clear=True)) for one in (box.running, box.startup)),
        cuts={
            "the SSH server": Cut(("no ssh-server ip enable",), ends_sessions=False),
            "the list of the SSH server": Cut(
                ("no ip access-list mgmt-src permit ip src 10.161.2.250/32 dest any",), ends_sessions=False
            ),
            "the interface": Cut((LAN, "shutdown")),
            "the address": Cut((LAN, "no ip address")),
            "the filter": Cut((f"no ip access-list {OUR_LOGIN}",)),
        },
        refused="ip route 999.1.1.0/24 10.161.252.10",
        edits=lambda box: box.running.take("ip route 10.77.0.0/16 10.161.252.10"),
        saves=saves,
        secrets=SECRETS,
        speed=600.0,
    )
}
