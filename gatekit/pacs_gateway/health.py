"""What systemd is told: ready, alive, stopping (sd_notify(3))."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping

__all__ = ["Notifier", "watch"]


class Notifier:
    """Speaks to systemd's notification socket, or to nobody when the unit has none."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self.interval_s = int(environment.get("WATCHDOG_USEC", "0")) / 3_000_000

    def tell(self, *states: str) -> None:
        """Send assignments such as READY=1."""
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto("\n".join(states).encode(), self._address)


async def watch(notifier: Notifier, alive: Callable[[], bool], status: Callable[[], str]) -> None:
    """Ping the watchdog while ``alive``; it runs on the web server's loop, so a stuck loop stops the pings too."""
    while alive():
        notifier.tell("WATCHDOG=1", f"STATUS={status()}")
        await asyncio.sleep(notifier.interval_s or 10.0)
