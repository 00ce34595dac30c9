"""One device's state, without sockets: what every platform's simulator is built on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from gatekit.simulators.clock import Clock
from gatekit.simulators.terminal import Terminal

SILENCE_S = 0.3  # real seconds between the change that shuts a session out and its end: no test waits for TCP


class SimulatedDevice(ABC):
    """State and dialogue of one device.

    ``users``: name -> password. ``client_address``: where it believes logins come from. ``sessions``: the open
    ones, oldest first. ``powered``: whether it has power; the server closes its port while it has none.
    Everything but the constructor runs on the simulator's own thread.
    """

    def __init__(self, host_name: str, clock: Clock, users: Mapping[str, str], client_address: IPv4Address) -> None:
        self.host_name, self.clock = host_name, clock
        self.users: dict[str, str] = dict(users)
        self.client_address = client_address
        self.sessions: list[Terminal] = []
        self.powered = True
        self.on_power: Callable[[], None] = lambda: None  # the server's: opens and closes the port
        self.on_cut_off: Callable[[Terminal], None] = Terminal.cut  # the server's: silence first, then the end

    @abstractmethod
    def running_text(self) -> str:
        """Return its running configuration in the vendor's form, for tests."""

    @abstractmethod
    def allows_login_from(self, address: IPv4Address) -> bool:
        """Return whether its RUNNING configuration lets SSH in from there: a change can cut its own management."""

    @abstractmethod
    async def serve(self, terminal: Terminal, user: str) -> None:
        """Hold the dialogue of one session; returns when the user leaves.

        ``Closed`` may pass. The task is cancelled when the session is cut: give back locks in ``finally``.
        """

    @abstractmethod
    def boot(self) -> None:
        """Come up: running := startup; timers, candidates and locks are gone."""

    def changed(self) -> None:
        """Cut off every session that the running configuration no longer lets in; call it after every change."""
        for terminal in tuple(self.sessions):
            if not self.allows_login_from(terminal.address):
                self.on_cut_off(terminal)

    def power_cycle(self, off_s: float = 2.0) -> None:
        """Lose power: sessions, timers and unsaved state are gone; boot after so many device seconds.

        ``sessions`` is empty afterwards, and the port refuses connections until the device has booted.
        """
        self.powered = False
        self.clock.cancel_all()
        self.on_power()
        for terminal in tuple(self.sessions):
            terminal.cut()
        self.sessions.clear()
        self.clock.call_after(off_s, self._power_on)

    def _power_on(self) -> None:
        self.boot()
        self.powered = True
        self.on_power()
