"""One SSH connection to a simulated device, from the TCP handshake to its end, and the shells on it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from ipaddress import IPv4Address

import asyncssh

from gatekit.simulators.device import SimulatedDevice
from gatekit.simulators.terminal import Closed, Terminal

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: close() sends RST


class SshConnection:
    """One TCP connection. ``on_end`` hears of its end, ``on_fault`` of a fault of the simulator itself."""

    def __init__(self, device: SimulatedDevice, stream: socket.socket, *, chunk_bytes: int, delay_s: float) -> None:
        self.device, self.stream = device, stream
        self.chunk_bytes, self.delay_s = chunk_bytes, delay_s
        self.address: IPv4Address = device.client_address
        self.connection: asyncssh.SSHServerConnection | None = None
        self.dialogues: set[_Dialogue] = set()
        self.on_end: Callable[[SshConnection], None] = lambda _: None
        self.on_fault: Callable[[BaseException], None] = lambda _: None
        self._greeting: asyncio.Task[None] | None = None

    def begin(self, options: asyncssh.SSHServerConnectionOptions) -> None:
        """Start the handshake, on the loop that runs now."""
        self._greeting = asyncio.get_running_loop().create_task(self._serve(options))

    async def _serve(self, options: asyncssh.SSHServerConnectionOptions) -> None:
        own = asyncssh.SSHServerConnectionOptions(options, server_factory=lambda: _Guard(self))
        try:
            await asyncssh.run_server(self.stream, options=own)
        except (OSError, asyncssh.Error):  # the client left, or was reset, before it was logged in
            self.reset()

    def reset(self) -> None:
        """End the connection with a TCP reset, whatever stage it is in."""
        self.on_end(self)
        for dialogue in tuple(self.dialogues):
            dialogue.end()
        if self.connection is not None:
            held = self.connection.get_extra_info("socket")
            if held is not None and held.fileno() >= 0:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.abort()
            self.connection = None
        elif self._greeting is not None and not self._greeting.done() and self.stream.fileno() >= 0:
            reset_stream(self.stream)


class _Guard(asyncssh.SSHServer):
    """Lets the device's users in, by password."""

    def __init__(self, link: SshConnection) -> None:
        self._link = link

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._link.connection = conn

    def connection_lost(self, _exc: Exception | None) -> None:
        self._link.connection = None
        self._link.on_end(self._link)

    def begin_auth(self, username: str) -> bool:
        self._user = username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._link.device.users.get(username) == password

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Dialogue(self._link, self._user)


class _Dialogue(asyncssh.SSHServerSession[bytes]):
    """One shell: the wire between an SSH channel and the device's dialogue."""

    def __init__(self, link: SshConnection, user: str) -> None:
        self._link, self._device = link, link.device
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._task: asyncio.Task[None] | None = None
        self.terminal = Terminal(self, user, link.address, chunk_bytes=link.chunk_bytes, delay_s=link.delay_s)

    # ------------------------------------------------------------------ the wire
    def send(self, octets: bytes) -> None:
        if self._channel is not None and not self._channel.is_closing():
            self._channel.write(octets)

    def cut(self) -> None:
        self._link.reset()

    def end(self) -> None:
        """Stop the dialogue; what it holds it gives back in ``finally``."""
        self.terminal.hang_up()
        self._link.dialogues.discard(self)
        if self.terminal in self._device.sessions:
            self._device.sessions.remove(self.terminal)
        if self._task is not None and not self._task.done():
            self._task.cancel()

    # ------------------------------------------------------------------ asyncssh's callbacks
    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, _term_type: str, term_size: tuple[int, int, int, int], _term_modes: object) -> bool:
        self.terminal.window = term_size[:2]
        return True

    def shell_requested(self) -> bool:
        return True  # and no command, no subsystem: a box's console

    def session_started(self) -> None:
        self._link.dialogues.add(self)
        self._device.sessions.append(self.terminal)
        self._task = asyncio.get_running_loop().create_task(self._hold())

    def data_received(self, data: bytes, _datatype: int | None) -> None:
        self.terminal.feed(data)

    def eof_received(self) -> bool:
        self.end()
        return False

    def connection_lost(self, _exc: Exception | None) -> None:
        self._channel = None
        self.end()

    async def _hold(self) -> None:
        try:
            await self._device.serve(self.terminal, self.terminal.user)
        except Closed:
            return
        except Exception as fault:  # noqa: BLE001 - a fault of the simulator: the test has to hear of it
            self._link.on_fault(fault)
            self._link.reset()
            return
        finally:
            self.end()
        if self._channel is not None:
            self._channel.exit(0)
        if self._link.connection is not None:
            self._link.connection.close()


def reset_stream(stream: socket.socket) -> None:
    """Close a TCP connection with a reset."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    stream.close()
