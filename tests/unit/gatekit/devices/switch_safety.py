"""The ways in which a change can go wrong on those L3 switches whose simulators have one shape."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from gatekit.devices.change.platform import Platform
from tests.unit.gatekit.devices.safety import Cut, Row


def switch_row(platform: Platform, boxes: ModuleType, vlan: str, address: str, route: str, undo_after_s: int) -> Row:
    """Return the row of a switch that lacks our line.

    ``vlan``: opens the section of the network that leads to us, ``address`` gives it another, in the product's words.
    ``route``: a static route to {network} by {hop}, both with 32 or 24 bits, as the product spells it.
    """
    theirs = route.format("172.21.4.0", "192.168.20.254")

    def saves(box: Any) -> None:
        box.running.take(theirs, None)
        box.startup = box.running.copy()

    return Row(
        platform=platform,
        part=boxes.plan(),
        make_box=lambda speed: boxes.switch(speed=speed),
        state=lambda box: (box.running_text(), box.startup.text()),
        cuts={
            "the interface": Cut((vlan, "shutdown")),
            "the address": Cut((vlan, address)),
            "the network of the way back": Cut((vlan, address.replace("192.168.11.1", "10.99.9.1"))),
        },
        refused=route.format("10.99.0.0", "999.1.1.1"),
        edits=lambda box: box.running.take(theirs, None),
        saves=saves,
        unseen=(boxes.SECRET,),
        undo_after_s=undo_after_s,
    )
