"""A name server for the scenario: ADDRESS NAME=ADDRESS...; A records only, everything else is NXDOMAIN."""

from __future__ import annotations

import socket
import struct
import sys
from ipaddress import IPv4Address


def answer(query: bytes, names: dict[str, IPv4Address]) -> bytes:
    """Return the reply to one question."""
    labels, position = [], 12
    while query[position]:
        length = query[position]
        labels.append(query[position + 1 : position + 1 + length].decode())
        position += length + 1
    question, kind = query[12 : position + 5], struct.unpack("!H", query[position + 1 : position + 3])[0]
    address = names.get(".".join(labels).lower())
    records = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + address.packed if address and kind == 1 else b""
    flags = 0x8580 if address else 0x8583
    return query[:2] + struct.pack("!HHHHH", flags, 1, 1 if records else 0, 0, 0) + question + records


def main() -> None:
    names = {name: IPv4Address(value) for name, value in (row.split("=") for row in sys.argv[2:])}
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((sys.argv[1], 53))
    while True:
        query, client = listener.recvfrom(512)
        print(client[0], query[12:40], flush=True)
        listener.sendto(answer(query, names), client)


if __name__ == "__main__":
    main()
