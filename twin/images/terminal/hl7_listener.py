"""A departmental system's HL7 listener: MLLP frames in, an acknowledgement (MSA|AA) for each out.

Usage: hl7_listener.py ADDRESS PORT. Each accepted message's control id goes to standard output.
Source: HL7 v2 chapter 2 (MSH, MSA) and the Minimal Lower Layer Protocol (0x0B data 0x1C 0x0D).
"""

import socketserver
import sys
from datetime import UTC, datetime

START, END = b"\x0b", b"\x1c\x0d"


def acknowledgement(message: bytes) -> bytes:
    """Return the ACK for a message; AR (refused) when it has no usable MSH segment."""
    header = message.split(b"\r", 1)[0].split(b"|")
    usable = header[0] == b"MSH" and len(header) > 11
    control_id = header[9] if usable else b""
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S").encode()
    ends = (header[4], header[5], header[2], header[3]) if usable else (b"", b"", b"", b"")
    code = b"AA" if usable else b"AR"
    msh = b"|".join((b"MSH", b"^~\\&", *ends, now, b"", b"ACK", b"A" + control_id, b"P", b"2.5"))
    return msh + b"\rMSA|" + code + b"|" + control_id + b"\r"


class Session(socketserver.StreamRequestHandler):
    """One connection; it may carry any number of messages."""

    def handle(self) -> None:
        buffer = b""
        while chunk := self.request.recv(65536):
            buffer += chunk
            while (end := buffer.find(END)) >= 0:
                frame, buffer = buffer[:end], buffer[end + len(END) :]
                reply = acknowledgement(frame[frame.find(START) + 1 :])
                print(reply.rsplit(b"MSA|", 1)[1].decode("latin-1").strip(), flush=True)
                self.request.sendall(START + reply + END)


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Listener((sys.argv[1], int(sys.argv[2])), Session).serve_forever()
