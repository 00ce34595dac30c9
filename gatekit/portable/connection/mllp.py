"""HL7 v2 over MLLP: one message that harms nobody, and the acknowledgement it must get.

The message is an application management query, NMQ^N01 (HL7 v2.5, 14.3.1): it asks about the interface
itself, belongs to no patient, orders and stores nothing, and every segment but the header is optional. Its
processing id is T (training), never P. Most systems do not offer it and say so with AR or AE ("unsupported
message type", table 0357); such a refusal is an answer to our very message and proves the dialogue as well
as AA does. An ADT or ORM, even of an invented patient, would be filed by a system that takes T for P.
Framing: Minimal Lower Layer Protocol, 0x0B message 0x1C 0x0D. Nothing of the answer is kept but the
acknowledgement code and the type of message.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from .dialogue import Asked, Channel, Dialogue, Trouble, printable

START, END = b"\x0b", b"\x1c\x0d"
ANSWER_LIMIT = 65536


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Send the query and read its acknowledgement (step ``hl7_ack``)."""
    with dialogue.connection(asked) as channel, dialogue.step("hl7_ack") as found:
        control_id = f"GWT{os.urandom(6).hex()}"
        channel.send(START + query(control_id, datetime.now(UTC)) + END)
        found.facts.update(acknowledgement(_answer(channel), control_id))


def query(control_id: str, now: datetime) -> bytes:
    """Return the message; MSH alone is a whole NMQ_N01."""
    fields = ("MSH", "^~\\&", "GATEWAY", "", "", "", now.strftime("%Y%m%d%H%M%S+0000"), "", "NMQ^N01^NMQ_N01")
    return ("|".join((*fields, control_id, "T", "2.5")) + "\r").encode("ascii")


def _answer(channel: Channel) -> bytes:
    if channel.exactly(1) != START:
        raise Trouble("garbled", reason="no MLLP frame")
    return channel.until(END, ANSWER_LIMIT)


def acknowledgement(answer: bytes, control_id: str) -> dict[str, str]:
    """Return MSA-1 and the type of the answer.

    Raises:
        Trouble: ``garbled`` without MSH or MSA, ``other_message`` when MSA-2 is not our control id.
    """
    segments = [segment for segment in answer.replace(b"\n", b"\r").split(b"\r") if segment]
    if not segments or not segments[0].startswith(b"MSH") or len(segments[0]) < 8:
        raise Trouble("garbled", reason="no MSH segment")
    separator = segments[0][3:4]
    header = segments[0].split(separator)
    acknowledged = next((row.split(separator) for row in segments if row[:4] == b"MSA" + separator), None)
    if acknowledged is None or len(acknowledged) < 3:
        raise Trouble("garbled", reason="no MSA segment")
    facts = {"msa_1": printable(acknowledged[1])}
    if len(header) > 8:
        facts["message"] = printable(header[8])
    if acknowledged[2].strip().decode("latin-1") != control_id:
        raise Trouble("other_message", **facts)
    return facts
