"""A DICOM listener that knows C-ECHO and nothing else, since the stand-in archive has none.

Usage: echo_listener.py PORT TITLE.
Called by another title it rejects as the real archive does: (1, 1, 7).
"""

from __future__ import annotations

import socketserver
import struct
import sys

VERIFICATION, IMPLICIT = b"1.2.840.10008.1.1", b"1.2.840.10008.1.2"


def item(kind: int, content: bytes) -> bytes:
    return struct.pack("!BxH", kind, len(content)) + content


def pdu(kind: int, body: bytes) -> bytes:
    return struct.pack("!BxI", kind, len(body)) + body


def element(number: int, value: bytes) -> bytes:
    return struct.pack("<HHI", 0, number, len(value)) + value


def echo_response() -> bytes:
    words = ((0x0100, 0x8030), (0x0120, 1), (0x0800, 0x0101), (0x0900, 0))
    rows = element(2, VERIFICATION + b"\0") + b"".join(element(tag, struct.pack("<H", value)) for tag, value in words)
    command = element(0, struct.pack("<I", len(rows))) + rows
    return pdu(4, struct.pack("!IBB", len(command) + 2, 1, 3) + command)


class Association(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while head := self.rfile.read(6):
            kind, length = struct.unpack("!BxI", head)
            body = self.rfile.read(length)
            if kind == 1 and body[4:20].strip() != TITLE:
                self.wfile.write(pdu(3, bytes([0, 1, 1, 7])))
                return
            if kind == 1:
                answer = item(0x21, struct.pack("!BxBx", 1, 0) + item(0x40, IMPLICIT))
                user = item(0x50, item(0x51, struct.pack("!I", 16384)) + item(0x52, b"2.25.1"))
                self.wfile.write(pdu(2, body[:68] + item(0x10, b"1.2.840.10008.3.1.1.1") + answer + user))
            elif kind == 4:
                self.wfile.write(echo_response())
            elif kind == 5:
                self.wfile.write(pdu(6, bytes(4)))
                return


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


TITLE = sys.argv[2].encode()
Listener(("127.0.0.1", int(sys.argv[1])), Association).serve_forever()
