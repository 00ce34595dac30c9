"""The module asks real listeners on loopback: what works before, and what was cut after."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.module_runs import run


def asked(name: str, port: int) -> dict[str, Any]:
    return {"name": name, "question": {"op": "tcp", "address": "127.0.0.1", "port": port}}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def arguments(listener: socket.socket, phase: str, **more: Any) -> dict[str, Any]:
    probes = [asked("portal", listener.getsockname()[1]), asked("never", 1)]
    return {"phase": phase, "device": "firewall", "probes": probes, **more}


def test_before_a_change_those_that_work_are_named(listener: socket.socket) -> None:
    assert run("way_probe", arguments(listener, "before"))["worked"] == ["portal"]


def test_after_it_only_those_are_asked(listener: socket.socket) -> None:
    after = run("way_probe", arguments(listener, "after", worked=["portal"], within_s=0))
    assert (after["changed"], after["worked"]) == (False, ["portal"])


def test_a_way_that_was_cut_fails_with_the_reason(listener: socket.socket) -> None:
    given = arguments(listener, "after", worked=["portal"], within_s=0)
    listener.close()
    failed = run("way_probe", given)
    assert (failed["failed"], failed["code"], failed["path"]) == (True, "GW429", "firewall.probes")
    assert "portal: ConnectionRefusedError" in failed["msg"]


def test_check_mode_asks_nobody(listener: socket.socket) -> None:
    assert run("way_probe", arguments(listener, "before"), check=True)["worked"] == []
