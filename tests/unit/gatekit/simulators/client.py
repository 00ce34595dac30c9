"""A plain SSH client for the core's tests: paramiko, strict host keys, no netmiko in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import paramiko

from gatekit.simulators import Simulator

type Ask = Callable[..., str]
"""Types a line, and returns what comes before the prompt that ends the answer, without the line's echo."""


@contextmanager
def shell(simulator: Simulator, password: str | None = None) -> Iterator[paramiko.Channel]:
    login = simulator.login(password)
    client = paramiko.SSHClient()
    client.load_host_keys(str(login.known_hosts))
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        client.connect(
            login.host,
            login.port,
            login.user,
            login.password,
            look_for_keys=False,
            allow_agent=False,
            timeout=5,
            banner_timeout=5,
        )
        yield client.invoke_shell(width=511, height=1000)
    finally:
        client.close()


def read_until(channel: paramiko.Channel, end: str, limit_s: float = 5.0) -> str:
    channel.settimeout(limit_s)
    seen = b""
    while not seen.decode(errors="ignore").endswith(end):
        more = channel.recv(65536)
        if not more:
            raise EOFError(seen)
        seen += more
    return seen.decode()


def asking(channel: paramiko.Channel, prompt: str, *, enter: str = "\n", before_prompt: str = "") -> Ask:
    """Return what asks on a channel; ``prompt``: the usual end. ``before_prompt``: the line editor's, not shown."""

    def ask(line: str, end: str = prompt) -> str:
        channel.send(f"{line}{enter}".encode())
        answer = read_until(channel, end).removeprefix(line).replace("\r\n", "\n").removesuffix(end)
        return answer.removesuffix(before_prompt).strip("\n")

    return ask


def seconds_until_closed(channel: paramiko.Channel, limit_s: float = 5.0) -> float:
    started = time.monotonic()
    channel.settimeout(limit_s)
    while channel.recv(65536):
        pass
    return time.monotonic() - started
