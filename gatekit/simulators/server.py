"""A simulated device behind a real SSH port on loopback, in a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import asyncssh

from gatekit.simulators.device import SILENCE_S, SimulatedDevice
from gatekit.simulators.ssh_connection import SshConnection, reset_stream
from gatekit.simulators.terminal import Terminal

if TYPE_CHECKING:
    from gatekit.devices.change.platform import Login

HOST = "127.0.0.1"
BACKLOG = 128
ANSWER_LIMIT_S = 30.0  # real seconds for one action on the device's thread


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
        self._connections: set[SshConnection] = set()
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
            server_factory=asyncssh.SSHServer,  # each connection gets its own, see ``SshConnection``
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
                    reset_stream(stream)

    def _greet(self, stream: socket.socket) -> None:
        self._streams.append(stream)
        connection = SshConnection(self.device, stream, chunk_bytes=self.chunk_bytes, delay_s=self.delay_s)
        connection.on_end, connection.on_fault = self._connections.discard, self.faults.append
        self._connections.add(connection)
        connection.begin(self._options)

    def _cut_off(self, terminal: Terminal) -> None:
        terminal.fall_silent()
        self._loop.call_later(SILENCE_S, terminal.cut)

    def _reset_all(self) -> None:
        for connection in tuple(self._connections):
            connection.reset()

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


def _bound(port: int) -> socket.socket:
    """Return a socket that has the port; several may have it, and only one that listens is reached."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    bound.setblocking(False)
    return bound
