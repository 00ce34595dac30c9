from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekit.pacs_gateway.health import Notifier, watch


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(2)
        yield listener


def notifier(systemd: socket.socket) -> Notifier:
    return Notifier({"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "30000"})


def test_systemd_is_told_what_is(systemd: socket.socket) -> None:
    notifier(systemd).tell("READY=1", "STATUS=works on the queue")
    assert systemd.recv(100) == b"READY=1\nSTATUS=works on the queue"


def test_without_systemd_nobody_is_told() -> None:
    Notifier({}).tell("READY=1")


def test_watchdog_is_fed_three_times_in_its_interval_while_alive_and_then_no_more(systemd: socket.socket) -> None:
    answers = iter([True, True, False])
    told = notifier(systemd)
    assert told.interval_s == 0.01
    asyncio.run(watch(told, lambda: next(answers), lambda: "waits for the database"))
    assert [systemd.recv(100), systemd.recv(100)] == [b"WATCHDOG=1\nSTATUS=waits for the database"] * 2
    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(100)
