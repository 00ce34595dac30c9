"""An outage is measured by what answered and what did not: against a real server that goes away and comes back."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gatekit.portable.errors import NodeError
from gatekit.portable.tunnel_stream import Stream, watch

pytestmark = pytest.mark.peer


class Server:
    """Answers every datagram with itself, except while it is silent."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.silent = threading.Event()
        self.ended = False
        self.port: int = self.socket.getsockname()[1]

    def serve(self) -> None:
        self.socket.settimeout(0.2)
        while not self.ended:
            try:
                question, peer = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            if not self.silent.is_set():
                self.socket.sendto(question, peer)


@contextmanager
def server() -> Iterator[Server]:
    one = Server()
    thread = threading.Thread(target=one.serve)
    thread.start()
    try:
        yield one
    finally:
        one.ended = True
        thread.join()
        one.socket.close()


def stream(port: int) -> Stream:
    return Stream("127.0.0.1", port, "portal.example.jp")


def test_vpn_1_the_outage_lasts_from_the_last_answer_to_the_first() -> None:
    with server() as peer:

        def cut() -> None:
            threading.Timer(0.3, peer.silent.set).start()
            threading.Timer(2.3, peer.silent.clear).start()

        outage = watch(stream(peer.port), 20, cut)
    assert 1.8 <= outage.outage_s <= 2.5
    assert outage.first_answer_at - outage.last_answer_at == pytest.approx(outage.outage_s, abs=0.05)
    assert 0 < outage.answered < outage.asked


def test_some_lost_packets_are_no_outage() -> None:
    with server() as peer:

        def flicker() -> None:
            threading.Timer(0.2, peer.silent.set).start()
            threading.Timer(0.8, peer.silent.clear).start()

        with pytest.raises(NodeError) as refused:
            watch(stream(peer.port), 3, flicker)
    assert refused.value.code == "GW420"


def test_a_tunnel_that_is_not_up_is_no_place_for_a_drill() -> None:
    with server() as peer:
        peer.silent.set()
        started = time.monotonic()
        with pytest.raises(NodeError) as refused:
            watch(stream(peer.port), 2)
        assert time.monotonic() - started < 4
    assert refused.value.code == "GW402"


def test_a_tunnel_that_does_not_come_back_is_said_so() -> None:
    with server() as peer, pytest.raises(NodeError) as refused:
        watch(stream(peer.port), 3, peer.silent.set)
    assert refused.value.as_result()["msg"].startswith("stream.end")
