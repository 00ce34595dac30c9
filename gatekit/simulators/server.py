"""A simulated device behind a real SSH port on loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import asyncssh

from gatekit.simulators.device import SILENCE_S, SimulatedDevice
from gatekit.simulators.terminal import Closed, Terminal

if TYPE_CHECKING:
    from gatekit.devices.change.platform import Login

HOST = "127.0.0.1"
BACKLOG = 128
ANSWER_LIMIT_S = 30.0  # real seconds for one action on the device's thread
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER 0: close() sends RST


class Simulator:
    """Context manager: the device, reachable by SSH with password at ``host``:``port`` while it is open.

    ``known_hosts``: file with its key, made at start. A login that the running configuration does not allow is
    reset right after the TCP handshake. A fault of the simulator itself is raised when the context ends.
    """

    def __init__(self, device: SimulatedDevice, *, chunk_bytes: int = 0, delay_s: float = 0.0) -> None:
        self.device = device
        self.host, self.port = HOST, 0
        self.known_hosts = Path()
        self.chunk_bytes, self.delay_s = chunk_bytes, delay_s
        self.faults: list[BaseException] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"simulator {device.host_name}", daemon=True)
        self._links: set[_Link] = set()
        self._streams: list[socket.socket] = []  # every one accepted; all are closed in the end
        self._accepting: asyncio.Task[None] | None = None
        self._reserved: socket.socket | None = None  # holds the port's number while the device is off

    def __enter__(self) -> Self:
        self._directory = Path(tempfile.mkdtemp(prefix="gatekit-simulator-"))
        key = asyncssh.generate_private_key("ssh-ed25519")
        self._options = asyncssh.SSHServerConnectionOptions(
            server_host_keys=[key],
            line_editor=False,
            encoding=None,
            allow_scp=False,
            x11_forwarding=False,
            agent_forwarding=False,
            server_factory=asyncssh.SSHServer,  # each connection gets its own, see ``_greet``
            login_timeout=20,
        )
        self._reserved = _bound(0)
        self.port = self._reserved.getsockname()[1]
        self.known_hosts = self._directory / "known_hosts"
        public = key.export_public_key().decode().strip()
        self.known_hosts.write_text(f"[{HOST}]:{self.port} {public}\n", encoding="ascii")
        self._loop.set_exception_handler(self._note)
        self.device.on_power = self._follow_power
        self.device.on_cut_off = self._cut_off
        self._thread.start()
        self.run(self._open)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(ANSWER_LIMIT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWER_LIMIT_S)
        self._loop.close()
        shutil.rmtree(self._directory)
        if self.faults and error is None:
            raise BaseExceptionGroup(f"the simulator of {self.device.host_name} failed", self.faults)

    def login(self, password: str | None = None) -> Login:
        """Return how ``PLATFORM.connect`` reaches the device as its first user."""
        from gatekit.devices.change.platform import Login  # noqa: PLC0415 - netmiko takes long to import

        user, right = next(iter(self.device.users.items()))
        return Login(
            device=self.device.host_name,
            host=self.host,
            port=self.port,
            user=user,
            known_hosts=self.known_hosts,
            password=right if password is None else password,
        )

    def drop_sessions(self) -> None:
        """End every session without a goodbye; the device keeps its state and its timers."""
        self.run(self._reset_all)

    def power_cycle(self, off_s: float = 2.0) -> None:
        """Take the device's power away for so many device seconds."""
        self.run(lambda: self.device.power_cycle(off_s))

    def run[T](self, action: Callable[[], T]) -> T:
        """Return what an action finds, run on the device's own thread between two of its steps."""
        if threading.current_thread() is self._thread:
            return action()

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(ANSWER_LIMIT_S)

    # ------------------------------------------------------------------ the device's thread
    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _open(self) -> None:
        self.device.clock.bind(self._loop)
        self._follow_power()

    def _follow_power(self) -> None:
        """Listen while the device has power; without it the kernel refuses connections by itself."""
        if self._accepting is not None:
            self._accepting.cancel()
            self._accepting = None
        if self.device.powered:
            listening = _bound(self.port)
            listening.listen(BACKLOG)
            self._accepting = self._loop.create_task(self._accept(listening))

    async def _accept(self, listening: socket.socket) -> None:
        with listening:
            while True:
                stream, _ = await self._loop.sock_accept(listening)
                if self.device.allows_login_from(self.device.client_address):
                    self._greet(stream)
                else:
                    _reset(stream)

    def _greet(self, stream: socket.socket) -> None:
        self._streams.append(stream)
        link = _Link(self, stream, self.device.client_address)
        self._links.add(link)
        link.greeting = self._loop.create_task(self._serve(link))

    async def _serve(self, link: _Link) -> None:
        options = asyncssh.SSHServerConnectionOptions(self._options, server_factory=lambda: _Guard(link))
        try:
            await asyncssh.run_server(link.stream, options=options)
        except (OSError, asyncssh.Error):  # the client left, or was reset, before it was logged in
            link.reset()

    def _cut_off(self, terminal: Terminal) -> None:
        terminal.fall_silent()
        self._loop.call_later(SILENCE_S, terminal.cut)

    def _reset_all(self) -> None:
        for link in tuple(self._links):
            link.reset()

    async def _close(self) -> None:
        self.device.powered = False
        self.device.clock.cancel_all()
        self._follow_power()
        self._reset_all()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        await asyncio.wait(others, timeout=5) if others else None
        for _ in range(3):  # an aborted transport closes its socket in the loop's next rounds
            await asyncio.sleep(0)
        for stream in self._streams:
            stream.close()
        self.device.clock.unbind()
        if self._reserved is not None:
            self._reserved.close()
        await self._loop.shutdown_asyncgens()

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        fault = context.get("exception")
        self.faults.append(fault if isinstance(fault, BaseException) else RuntimeError(str(context["message"])))


class _Link:
    """One TCP connection."""

    def __init__(self, simulator: Simulator, stream: socket.socket, address: IPv4Address) -> None:
        self.simulator, self.stream, self.address = simulator, stream, address
        self.connection: asyncssh.SSHServerConnection | None = None
        self.greeting: asyncio.Task[None] | None = None
        self.dialogues: set[_Dialogue] = set()

    def reset(self) -> None:
        """End the connection with a TCP reset, whatever stage it is in."""
        self.simulator._links.discard(self)  # noqa: SLF001 - one class in two parts
        for dialogue in tuple(self.dialogues):
            dialogue.end()
        if self.connection is not None:
            held = self.connection.get_extra_info("socket")
            if held is not None and held.fileno() >= 0:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.abort()
            self.connection = None
        elif self.greeting is not None and not self.greeting.done() and self.stream.fileno() >= 0:
            _reset(self.stream)


class _Guard(asyncssh.SSHServer):
    """Lets the device's users in, by password."""

    def __init__(self, link: _Link) -> None:
        self._link = link

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._link.connection = conn

    def connection_lost(self, _exc: Exception | None) -> None:
        self._link.connection = None
        self._link.simulator._links.discard(self._link)  # noqa: SLF001 - one class in two parts

    def begin_auth(self, username: str) -> bool:
        self._user = username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._link.simulator.device.users.get(username) == password

    def session_requested(self) -> asyncssh.SSHServerSession[bytes]:
        return _Dialogue(self._link, self._user)


class _Dialogue(asyncssh.SSHServerSession[bytes]):
    """One shell: the wire between an SSH channel and the device's dialogue."""

    def __init__(self, link: _Link, user: str) -> None:
        simulator = link.simulator
        self._link, self._device = link, simulator.device
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._task: asyncio.Task[None] | None = None
        self.terminal = Terminal(self, user, link.address, chunk_bytes=simulator.chunk_bytes, delay_s=simulator.delay_s)

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
        self._task = self._link.simulator._loop.create_task(self._hold())  # noqa: SLF001 - one class in three parts

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
            self._link.simulator.faults.append(fault)
            self._link.reset()
            return
        finally:
            self.end()
        if self._channel is not None:
            self._channel.exit(0)
        if self._link.connection is not None:
            self._link.connection.close()


def _bound(port: int) -> socket.socket:
    """Return a socket that has the port; several may have it, and only one that listens is reached."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    bound.setblocking(False)
    return bound


def _reset(stream: socket.socket) -> None:
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    stream.close()
