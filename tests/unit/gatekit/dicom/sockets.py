"""pynetdicom 3.0.4 leaves a socket whose peer is gone to the garbage collector, which warns at any time."""

from __future__ import annotations

import socket
from contextlib import suppress

from pynetdicom.transport import AssociationSocket


def shut_and_close(transport: AssociationSocket) -> None:
    """Do what its ``_shutdown_socket`` means to do, also when the first step fails."""
    if transport.socket is None:
        return
    with suppress(OSError):
        transport.socket.shutdown(socket.SHUT_RDWR)
    transport.socket.close()
