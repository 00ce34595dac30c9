"""SMB: a NEGOTIATE request is answered. No session, no account, no share: nothing is logged into.

Source: [MS-SMB2] 2.2.1.2 (header), 2.2.3 (request), 2.2.3.1.1 (preauth integrity), 2.2.4 (response), 2.1 (TCP framing).
"""

from __future__ import annotations

import os
import struct

from .dialogue import Asked, Channel, Dialogue, Trouble

DIALECTS = (0x0202, 0x0210, 0x0300, 0x0302, 0x0311)
HEADER, SIGNING_ENABLED, SIGNING_REQUIRED = 64, 1, 2
ANSWER_LIMIT = 65536


def ask(dialogue: Dialogue, asked: Asked) -> None:
    """Negotiate (step ``smb_negotiate``): dialect and whether messages must be signed."""
    with dialogue.connection(asked) as channel, dialogue.step("smb_negotiate") as found:
        message = negotiate_request()
        channel.send(struct.pack("!I", len(message)) + message)
        found.facts.update(negotiated(_message(channel)))


def negotiate_request() -> bytes:
    """Return the request: every dialect from 2.0.2 to 3.1.1, the last with its one required context."""
    salt = os.urandom(32)
    integrity = struct.pack("<HHH", 1, len(salt), 1) + salt  # one hash: SHA-512
    context = struct.pack("<HHI", 1, len(integrity), 0) + integrity
    header = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", HEADER, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + bytes(16)
    dialects = struct.pack(f"<{len(DIALECTS)}H", *DIALECTS)
    padding = bytes(-(HEADER + 36 + len(dialects)) % 8)
    offset = HEADER + 36 + len(dialects) + len(padding)
    body = struct.pack("<HHHHI", 36, len(DIALECTS), SIGNING_ENABLED, 0, 0) + os.urandom(16)
    return header + body + struct.pack("<IHH", offset, 1, 0) + dialects + padding + context


def _message(channel: Channel) -> bytes:
    length = struct.unpack("!I", channel.exactly(4))[0]
    if not HEADER + 8 <= length <= ANSWER_LIMIT:  # its first byte is 0: a session message
        raise Trouble("garbled")
    return channel.exactly(length)


def negotiated(answer: bytes) -> dict[str, str]:
    """Return dialect and signing.

    Raises:
        Trouble: ``garbled`` when it is no answer to NEGOTIATE, ``negative`` with the NT status of a refusal.
    """
    magic, _size, _charge, status, command = struct.unpack_from("<4sHHIH", answer)
    if magic != b"\xfeSMB" or command != 0:
        raise Trouble("garbled")
    if status:
        raise Trouble("negative", status=f"0x{status:08X}")
    size, security, dialect = struct.unpack_from("<HHH", answer, HEADER)
    if size != 65 or len(answer) < HEADER + 64 or dialect not in DIALECTS:
        raise Trouble("garbled")
    version = ".".join(f"{dialect:04x}"[1:])
    return {"dialect": version, "signing": "required" if security & SIGNING_REQUIRED else "optional"}
