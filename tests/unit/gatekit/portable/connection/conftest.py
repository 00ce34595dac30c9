"""Peers on loopback: real sockets that play a script, and the dialogue with them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatekit.portable.connection.ask import ask_all
from gatekit.portable.connection.dialogue import Asked

type Script = Callable[[socket.socket], None]
type Start = Callable[[Script], int]


@pytest.fixture
def peer() -> Iterator[Start]:
    """Return a function that starts a peer and gives its port; each connection plays the script, then is closed."""
    listeners: list[socket.socket] = []

    def start(script: Script) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    stream, _ = listener.accept()
                except OSError:
                    return
                with stream:
                    stream.settimeout(5)
                    script(stream)

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.fixture
def steps() -> Callable[..., list[tuple[str, str, dict[str, str]]]]:
    """Return a function that asks one system and gives (name, outcome, facts) of each step."""

    def ask(protocol: str, port: int, *, timeout_s: float = 5.0, **more: Any) -> list[tuple[str, str, dict[str, str]]]:
        asked = Asked(name="system", protocol=protocol, address="127.0.0.1", port=port, **more)
        found: list[dict[str, Any]] = ask_all([asked], timeout_s)["system"]  # type: ignore[assignment] # JSON rows
        return [(row["name"], row["outcome"], row["facts"]) for row in found]

    return ask


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
