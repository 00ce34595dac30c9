"""The ways in which a change of a Junos box can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.devices.junos import PLATFORM
from gatekit.simulators.junos.configuration import split
from gatekit.simulators.junos.grammar import parse
from tests.unit.gatekit.devices.safety import Cut, Row
from tests.unit.gatekit.simulators.junos.boxes import (
    OLD_PASSWORD,
    SECRETS,
    as_planned,
    ex,
    firewall,
    l3_switch,
    srx,
    typed,
)

DMZ_PORT = "security zones security-zone DMZ interfaces ge-0/0/1.0"
OURS_ALONE = {
    "the SSH server": Cut(("delete system services ssh",), ends_sessions=False),
    "our account": Cut(("delete system login user gwops",), ends_sessions=False),
}


def state(box: Any) -> tuple[object, ...]:
    return box.running_text(), box.commits.pending, box.commits.modified


def edits(line: str) -> Callable[[Any], None]:
    """Somebody's statement that nobody has committed."""

    def act(box: Any) -> None:
        words, columns = split(line)
        box.commits.candidate.set(words[1:], parse(words[1:], columns[1:]))

    return act


def saves(line: str) -> Callable[[Any], None]:
    return lambda box: typed(box, (line,))


ROWS = {
    "junos firewall": Row(
        platform=PLATFORM,
        part=firewall(),
        make_box=lambda speed: srx(as_planned(firewall()).replace("mss 1334", "mss 1460"), speed=speed),
        state=state,
        cuts={
            "the service on the interface": Cut((f"delete {DMZ_PORT} host-inbound-traffic system-services ssh",)),
            "the policy": Cut(("delete security policies from-zone DMZ to-zone junos-host policy maintain-firewall",)),
            "the address": Cut(
                (
                    "delete interfaces ge-0/0/1 unit 0 family inet address 10.161.4.254/24",
                    "set interfaces ge-0/0/1 unit 0 family inet address 10.161.5.254/24",
                )
            ),
            **OURS_ALONE,
        },
        refused="set security ike proposal IKE-HIGH dh-group group99",
        edits=edits("set snmp location cellar"),
        saves=saves("set snmp location cellar"),
        secrets={**SECRETS, "firewall_password": OLD_PASSWORD},
        unseen=("$9$", "$6$"),
    ),
    "junos l3_switch": Row(
        platform=PLATFORM,
        part=l3_switch(),
        make_box=lambda speed: ex(speed=speed),
        state=state,
        cuts={
            "the interface": Cut(("delete interfaces irb unit 10",)),
            "the address": Cut(
                (
                    "delete interfaces irb unit 10 family inet address 192.168.10.1/24",
                    "set interfaces irb unit 10 family inet address 192.168.11.1/24",
                )
            ),
            **OURS_ALONE,
        },
        refused="set routing-options static route 10.161.9.0/24 next-hop 999.1.1.1",
        edits=edits("set snmp location cellar"),
        saves=saves("set snmp location cellar"),
        unseen=("$9$", "$6$", "hospital-secret"),
    ),
}
