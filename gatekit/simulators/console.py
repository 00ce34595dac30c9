"""The serial console of a simulated device, behind a console server with an SSH port of its own on loopback.

A console is one: everybody who is connected sees the same screen, it survives who leaves, and nobody is logged out
by leaving. It needs no address and no login of the network, so it is the way into a factory-fresh device.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import asyncssh

from gatekit.simulators.server import HOST, Simulator
from gatekit.simulators.terminal import Closed, Terminal

if TYPE_CHECKING:
    from gatekit.devices.change.platform import Login

USER, PASSWORD = "console", "Console-Server-Word-1"
NOWHERE = IPv4Address("0.0.0.0")  # noqa: S104 - a serial line has no address
LIMIT_S = 30.0


class HasConsole(Protocol):
    """A device with a serial port."""

    host_name: str
    powered: bool

    async def serve_console(self, terminal: Terminal) -> None:
        """Hold the console from the state the device is in until somebody logs out there."""


class ConsoleServer:
    """Context manager: the console of the device behind an open ``Simulator``; runs on the simulator's thread."""

    def __init__(self, simulator: Simulator, device: HasConsole) -> None:
        self.simulator, self.device = simulator, device
        self.port = 0
        self.known_hosts = Path()
        self.cables: set[asyncssh.SSHServerChannel[bytes]] = set()
        self.terminal: Terminal | None = None
        self._loop = simulator._loop  # noqa: SLF001 - one device, one thread
        self._holding: asyncio.Task[None] | None = None
        self._followed = simulator.device.on_power

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="gatekit-console-"))
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(LIMIT_S)
        self.known_hosts = self._directory / "known_hosts"
        public = self._key.export_public_key().decode().strip()
        self.known_hosts.write_text(f"[{HOST}]:{self.port} {public}\n", encoding="ascii")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(LIMIT_S)
        shutil.rmtree(self._directory)

    @property
    def host_key(self) -> str:
        """Return the console server's own public key."""
        return self._key.export_public_key().decode().strip()

    def login(self) -> Login:
        """Return how the console server is reached."""
        from gatekit.devices.change.platform import Login  # noqa: PLC0415 - netmiko takes long to import

        return Login("console", HOST, self.port, USER, self.known_hosts, password=PASSWORD)

    # ------------------------------------------------------------------ the wire of the one terminal
    def send(self, octets: bytes) -> None:
        """Show octets to everybody who is connected; without anybody they are lost."""
        for channel in tuple(self.cables):
            if not channel.is_closing():
                channel.write(octets)

    def cut(self) -> None:
        """Do nothing: a serial line is not cut by the device."""

    # ------------------------------------------------------------------ the device's thread
    async def _open(self) -> None:
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        self._server = await asyncssh.listen(
            HOST,
            0,
            server_host_keys=[self._key],
            server_factory=lambda: _Guard(self),
            line_editor=False,
            encoding=None,
            allow_scp=False,
        )
        self.port = self._server.get_port()
        self.simulator.device.on_power = self._follow_power
        self._follow_console()

    async def _close(self) -> None:
        self.simulator.device.on_power = self._followed
        self._stop()
        for channel in tuple(self.cables):
            channel.abort()
        self._server.close()
        await self._server.wait_closed()

    def _follow_power(self) -> None:
        self._followed()
        self._follow_console()

    def _follow_console(self) -> None:
        self._stop()
        if self.device.powered:
            self._holding = self._loop.create_task(self._hold())

    def _stop(self) -> None:
        if self._holding is not None:
            self._holding.cancel()
            self._holding = None
        if self.terminal is not None:
            self.terminal.hang_up()
            self.terminal = None

    async def _hold(self) -> None:
        """Keep the console going from boot to power loss; whoever logs out meets the login again."""
        while True:
            self.terminal = Terminal(self, "", NOWHERE)
            try:
                await self.device.serve_console(self.terminal)
            except Closed:
                return
            except Exception as fault:  # noqa: BLE001 - a fault of the simulator: the test has to hear of it
                self.simulator.faults.append(fault)
                return


class _Guard(asyncssh.SSHServer):
    def __init__(self, server: ConsoleServer) -> None:
        self._server = server

    def begin_auth(self, _username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Cable(self._server)


class _Cable(asyncssh.SSHServerSession[bytes]):
    """One connection to the console server; the device does not notice it."""

    def __init__(self, server: ConsoleServer) -> None:
        self._server = server

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, *_: object) -> bool:
        return True

    def shell_requested(self) -> bool:
        return True

    def session_started(self) -> None:
        self._server.cables.add(self._channel)

    def data_received(self, data: bytes, _datatype: int | None) -> None:
        if self._server.terminal is not None:
            self._server.terminal.feed(data)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._server.cables.discard(self._channel)
