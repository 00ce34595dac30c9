"""Offer one IKE proposal to the CPE in the name of its peer, from the NGN, and print what came back.

python -m tests.stories.cpe.ike_offer PEER CPE NAME; prints ``chosen``, ``refused TYPE`` or ``silence``.
Sent from the peer's address, since the CPE's filter lets no other in: the NGN stands on the way of the answer.
"""

from __future__ import annotations

import os
import socket
import sys
import time

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

type Transforms = tuple[tuple[int, int, int | None], ...]  # type, id, key bits
ENCR, PRF, INTEG, DH = 1, 2, 3, 4
OFFERS: dict[str, tuple[Transforms, int]] = {
    "HIGH": (((ENCR, 20, 256), (PRF, 6, None), (DH, 20, None)), 20),
    "BASE": (((ENCR, 12, 256), (PRF, 5, None), (INTEG, 12, None), (DH, 20, None)), 20),
    "group-14": (((ENCR, 12, 256), (PRF, 5, None), (INTEG, 12, None), (DH, 14, None)), 14),
    "group-2": (((ENCR, 12, 256), (PRF, 5, None), (INTEG, 12, None), (DH, 2, None)), 2),
    "aes-128": (((ENCR, 12, 128), (PRF, 5, None), (INTEG, 12, None), (DH, 20, None)), 20),
    "gcm-128": (((ENCR, 20, 128), (PRF, 6, None), (DH, 20, None)), 20),
    "3des-sha1": (((ENCR, 3, None), (PRF, 2, None), (INTEG, 2, None), (DH, 14, None)), 14),
}
PUBLIC_VALUE_BYTES = {2: 128, 14: 256}
IPV6_TRANSPARENT = 75
SA, KE, NONCE, NOTIFY = 33, 34, 40, 41
NOTIFIED = {14: "NO_PROPOSAL_CHOSEN", 17: "INVALID_KE_PAYLOAD"}
ETH_P_IPV6 = 0x86DD


def request(name: str) -> bytes:
    """Return an IKE_SA_INIT request with one proposal (RFC 7296 3.1 .. 3.4, 3.9)."""
    transforms, group = OFFERS[name]
    proposal = b"".join(_transform(one, last=one is transforms[-1]) for one in transforms)
    proposal = b"\0\0" + (8 + len(proposal)).to_bytes(2) + bytes((1, 1, 0, len(transforms))) + proposal
    exchange = group.to_bytes(2) + b"\0\0" + _public_value(group)
    body = _payload(KE, proposal) + _payload(NONCE, exchange) + _payload(0, os.urandom(32))
    return os.urandom(8) + bytes(8) + bytes((SA, 0x20, 34, 0x08)) + bytes(4) + (28 + len(body)).to_bytes(4) + body


def _transform(one: tuple[int, int, int | None], *, last: bool) -> bytes:
    kind, identity, bits = one
    attribute = b"" if bits is None else (0x800E).to_bytes(2) + bits.to_bytes(2)
    head = bytes((0 if last else 3, 0)) + (8 + len(attribute)).to_bytes(2)
    return head + bytes((kind, 0)) + identity.to_bytes(2) + attribute


def _public_value(group: int) -> bytes:
    if group == 20:
        key = ec.generate_private_key(ec.SECP384R1()).public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return b"\x02" + os.urandom(PUBLIC_VALUE_BYTES[group] - 1)


def _payload(following: int, body: bytes) -> bytes:
    return bytes((following, 0)) + (4 + len(body)).to_bytes(2) + body


def answer_of(message: bytes) -> str:
    """Return what an IKE_SA_INIT response says."""
    if message[16] == SA:
        return "chosen"
    kind = int.from_bytes(message[34:36])
    return f"refused {NOTIFIED.get(kind, kind)}" if message[16] == NOTIFY else f"payload {message[16]}"


def main(peer: str, cpe: str, name: str) -> None:
    """Send one offer and wait for its answer on the line."""
    message = request(name)
    with (
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IPV6)) as wire,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender,
    ):
        wire.bind(("line0", ETH_P_IPV6))
        wire.settimeout(1.0)
        sender.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        sender.bind((peer, 500))
        sender.sendto(message, (cpe, 500))
        end = time.monotonic() + 5
        while time.monotonic() < end:
            try:
                frame = wire.recv(4096)
            except TimeoutError:
                continue
            answer = frame[14 + 40 + 8 :]
            if answer[:8] == message[:8] and answer[8:16] != bytes(8):
                print(answer_of(answer))
                return
            if answer[:8] == message[:8] and answer[19:20] == b"\x20":  # a response without a responder's SPI
                print(answer_of(answer))
                return
    print("silence")


if __name__ == "__main__":
    main(*sys.argv[1:])
