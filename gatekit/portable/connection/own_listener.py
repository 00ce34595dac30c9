"""A system that calls us: nothing can be dialled from here; what can be asked is whether our listener answers."""

from __future__ import annotations

import socket

from .dialogue import Asked, Dialogue


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Connect to our own address, as the system will (step ``own_listener``); then leave the test to its vendor."""
    with dialogue.step("own_listener") as found:
        found.outcome = "accepted"
        socket.create_connection((asked.address, asked.port), dialogue.remaining_s(5.0)).close()
    dialogue.skip("called_by_vendor", "vendor_dials")
