"""DICOM: an association, C-ECHO and C-FIND of the test patient; studies are counted, nothing of them is kept.

A small upper layer of our own (PS3.8 section 9.3), implicit VR little endian only, since VM1 has the standard
library alone when this runs. The messages follow PS3.7 9.3 and PS3.4 C.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import suppress

from .dialogue import Asked, Channel, Dialogue, Trouble
from .dicom_wire import (
    ABORT,
    ACCEPT,
    REJECT,
    RELEASE,
    association_request,
    command_set,
    elements,
    fragments,
    identifier,
    pdu,
    presentation_results,
    us,
)

VERIFICATION = "1.2.840.10008.1.1"
FIND_MODELS = {"study_root": "1.2.840.10008.5.1.4.1.2.2.1", "patient_root": "1.2.840.10008.5.1.4.1.2.1.1"}
ECHO_CONTEXT, FIND_CONTEXT = 1, 3
C_FIND, C_ECHO, RESPONSE = 0x0020, 0x0030, 0x8000
NO_DATA_SET, DATA_SET = 0x0101, 0x0001
PDU_LIMIT, MESSAGE_LIMIT, MATCH_LIMIT = 1 << 18, 1 << 20, 1000
PATIENT_ID = (0x0010, 0x0020)


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Associate, C-ECHO, and C-FIND where the site file names a test patient."""
    model = FIND_MODELS[asked.information_model or "study_root"]
    with dialogue.connection(asked) as channel:
        with dialogue.step("association") as found:
            accepted = _associate(channel, asked, model)
            found.outcome = "accepted"
        with dialogue.step("c_echo") as found:
            _needs(accepted, ECHO_CONTEXT)
            found.facts["status"] = _echo(channel)
        if asked.test_patient is None:
            dialogue.skip("c_find", "no_test_patient")
        else:
            with dialogue.step("c_find") as found:
                _needs(accepted, FIND_CONTEXT)
                found.facts.update(_find(channel, model, asked.test_patient))
        with suppress(OSError, Trouble):  # the dialogue is over; how the peer takes leave proves nothing
            channel.send(pdu(RELEASE, bytes(4)))
            channel.exactly(10, 2.0)


def _associate(channel: Channel, asked: Asked, model: str) -> dict[int, int]:
    """Return presentation context id -> result (0 is accepted, PS3.8 9.3.3.2).

    Raises:
        Trouble: ``rejected`` with result, source and reason (PS3.8 9.3.4), ``aborted``, ``garbled``.
    """
    titles = (asked.called_ae_title or "", asked.calling_ae_title or "")
    channel.send(association_request(titles, {ECHO_CONTEXT: VERIFICATION, FIND_CONTEXT: model}))
    kind, body = _next_pdu(channel)
    if kind == REJECT and len(body) == 4:
        raise Trouble("rejected", result=str(body[1]), source=str(body[2]), reason=str(body[3]))
    if kind != ACCEPT:
        raise Trouble("garbled")
    return presentation_results(body)


def _needs(accepted: dict[int, int], context: int) -> None:
    if accepted.get(context) != 0:
        raise Trouble("not_offered", result=str(accepted.get(context, "")))


def _echo(channel: Channel) -> str:
    """Return the status as four hexadecimal digits."""
    command: dict[int, str | int] = {0x0002: VERIFICATION, 0x0100: C_ECHO, 0x0110: 1, 0x0800: NO_DATA_SET}
    channel.send(fragments(ECHO_CONTEXT, command_set(command), None))
    status, _data_set = _response(channel, C_ECHO, 1)
    return f"{status:04X}"


def _find(channel: Channel, model: str, patient: str) -> dict[str, str]:
    """Return the final status, how many studies matched, and how many answers were about somebody else."""
    command: dict[int, str | int] = {0x0002: model, 0x0100: C_FIND, 0x0110: 2, 0x0700: 0, 0x0800: DATA_SET}
    channel.send(fragments(FIND_CONTEXT, command_set(command), identifier(patient)))
    matches = others = 0
    for _number in range(MATCH_LIMIT):
        status, data_set = _response(channel, C_FIND, 2)
        if status not in (0xFF00, 0xFF01):
            return {"status": f"{status:04X}", "studies": str(matches), "others": str(others)}
        found = elements(data_set or b"").get(PATIENT_ID, b"")
        same = found.strip(b" \0") == patient.encode("ascii")
        matches, others = matches + same, others + (not same)
    raise Trouble("too_many", studies=str(matches), others=str(others))


def _response(channel: Channel, request: int, message_id: int) -> tuple[int, bytes | None]:
    """Return status and data set of the next response to this request."""
    command, data_set = _message(channel)
    if us(command, 0x0100) != request | RESPONSE or us(command, 0x0120) != message_id:
        raise Trouble("garbled")
    return us(command, 0x0900), data_set


def _message(channel: Channel) -> tuple[dict[tuple[int, int], bytes], bytes | None]:
    """Return command set and data set of the next message, put together from its fragments."""
    parts: dict[bool, bytes] = {True: b"", False: b""}
    command: dict[tuple[int, int], bytes] | None = None
    for is_command, is_last, content in _fragments(channel):
        parts[is_command] += content
        if len(parts[is_command]) > MESSAGE_LIMIT:
            raise Trouble("garbled")
        if is_command and is_last:
            command = elements(parts[True])
            if us(command, 0x0800) == NO_DATA_SET:
                return command, None
        elif is_last and command is not None:
            return command, parts[False]
    raise Trouble("garbled")


def _fragments(channel: Channel) -> Iterator[tuple[bool, bool, bytes]]:
    """Yield (command, last, content) of each presentation data value (PS3.8 9.3.5, annex E)."""
    while True:
        kind, body = _next_pdu(channel)
        if kind != 4:
            raise Trouble("garbled")
        at = 0
        while at + 6 <= len(body):
            length = struct.unpack_from("!I", body, at)[0]
            if length < 2 or at + 4 + length > len(body):
                raise Trouble("garbled")
            header = body[at + 5]
            yield bool(header & 1), bool(header & 2), body[at + 6 : at + 4 + length]
            at += 4 + length


def _next_pdu(channel: Channel) -> tuple[int, bytes]:
    kind, length = struct.unpack("!BxI", channel.exactly(6))
    if length > PDU_LIMIT:
        raise Trouble("garbled")
    body = channel.exactly(length)
    if kind == ABORT:
        raise Trouble("aborted", source=str(body[2]) if len(body) > 3 else "")
    return kind, body
