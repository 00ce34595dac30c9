"""Spares pynetdicom the progress messages of a C-MOVE: 1 ms of processor time for each instance that is sent.

Nobody looks at them; one a second is let through, so that silence of the peer is still told from work.
"""

from __future__ import annotations

import time
from typing import Any

from pynetdicom.association import Association

EVERY_S = 1.0
_LAST_COMMAND_FRAGMENT = 0x03  # message control header of a PDV (PS3.8 E.2)
_MOVE_RESPONSE = b"\x00\x00\x00\x01\x02\x00\x00\x00\x21\x80"  # (0000,0100) Command Field, as it stands on the wire
_PENDING = b"\x00\x00\x00\x09\x02\x00\x00\x00\x00\xff"  # (0000,0900) Status; no text of a command set has such bytes


def is_progress(values: list[tuple[int, bytes]]) -> bool:
    """Return whether the PDVs of one PDU are a whole pending C-MOVE response (PS3.7 9.3.4.2)."""
    if len(values) != 1:
        return False
    fragment = values[0][1]
    return fragment[0] == _LAST_COMMAND_FRAGMENT and _MOVE_RESPONSE in fragment and _PENDING in fragment


def install(association: Association) -> None:
    """Let an association that is being opened drop progress messages, but one a second."""
    receive = association.dimse.receive_primitive
    heard_s = 0.0

    def receive_rest(primitive: Any) -> None:
        nonlocal heard_s
        if is_progress(primitive.presentation_data_value_list):
            now = time.monotonic()
            if now - heard_s < EVERY_S:
                return
            heard_s = now
        receive(primitive)

    setattr(association.dimse, "receive_primitive", receive_rest)  # noqa: B010 - it is a method to mypy
