"""A stream of questions through the tunnel, and how long nobody answered it (VPN-1, the drill)."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from .errors import NodeError

__all__ = ["Outage", "Stream", "watch"]

EVERY_S = 0.1
GONE_AFTER_S = 1.0  # so long without an answer is an outage, not a lost packet
BACK_AFTER = 5  # answers in a row


@dataclass(frozen=True)
class Stream:
    """What is asked: names of a DNS server behind the tunnel, which any answer proves to be reached."""

    address: str
    port: int
    name: str


@dataclass(frozen=True)
class Outage:
    """One outage; times are seconds since the epoch by this host's clock, ``outage_s`` by its monotonic one."""

    last_answer_at: float
    first_answer_at: float
    outage_s: float
    asked: int
    answered: int

    def as_result(self) -> dict[str, Any]:
        """Return it as the module reports it."""
        return asdict(self)


def watch(stream: Stream, longest_s: float, ready: Callable[[], None] = lambda: None) -> Outage:
    """Return the first outage that begins and ends within ``longest_s`` seconds.

    Args:
        stream: what is asked.
        longest_s: how long to wait for the whole.
        ready: called once, when the stream runs and the outage may be made.
    Raises:
        NodeError: GW402 when nothing answers at the start or again in the end, GW420 when nothing went away.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.connect((stream.address, stream.port))
        return _Watch(stream, datagrams, time.monotonic() + longest_s).run(ready)


class _Watch:
    """The stream under way."""

    def __init__(self, stream: Stream, datagrams: socket.socket, end: float) -> None:
        self.stream, self.datagrams, self.end = stream, datagrams, end
        self.asked = self.answered = 0

    def run(self, ready: Callable[[], None]) -> Outage:
        last = self._first_answer(min(self.end, time.monotonic() + 10 * GONE_AFTER_S))
        ready()
        while time.monotonic() - last[0] < GONE_AFTER_S:
            answered = self._ask()
            last = answered or last
            if time.monotonic() > self.end:
                fix = "Cut the power of the CPE while the stream runs."
                raise NodeError("GW420", "stream.outage", "nothing went away", fix)
        back = self._answers_in_a_row()
        return Outage(
            last_answer_at=round(last[1], 3),
            first_answer_at=round(back[1], 3),
            outage_s=round(back[0] - last[0], 3),
            asked=self.asked,
            answered=self.answered,
        )

    def _first_answer(self, end: float) -> tuple[float, float]:
        while time.monotonic() < end:
            answered = self._ask()
            if answered is not None:
                return answered
        fix = "Bring the tunnel up before the drill: playbooks/verify.yml says what is wrong."
        raise NodeError("GW402", "stream.start", f"{self.stream.address} does not answer", fix)

    def _answers_in_a_row(self) -> tuple[float, float]:
        """Return when the first of some answers in a row came: one alone may be a stray."""
        first: tuple[float, float] | None = None
        count = 0
        while count < BACK_AFTER:
            if time.monotonic() > self.end:
                fix = "Look at the spare: its lamps, its cables, its log."
                raise NodeError("GW402", "stream.end", f"{self.stream.address} does not answer again", fix)
            answered = self._ask()
            first = (first or answered) if answered is not None else None
            count = count + 1 if answered is not None else 0
        if first is None:
            raise AssertionError("answers in a row have a first")
        return first

    def _ask(self) -> tuple[float, float] | None:
        """Ask once; return (monotonic, wall clock) of the answer, or None after a tenth of a second without."""
        self.asked += 1
        identity = os.urandom(2)
        due = time.monotonic() + EVERY_S
        try:
            self.datagrams.send(_query(identity, self.stream.name))
            while (left := due - time.monotonic()) > 0:
                self.datagrams.settimeout(left)
                if self.datagrams.recv(4096)[:2] == identity:
                    self.answered += 1
                    came = time.monotonic(), time.time()
                    time.sleep(max(0.0, due - time.monotonic()))
                    return came
        except OSError:  # nobody there, or a router says so
            time.sleep(max(0.0, due - time.monotonic()))
        return None


def _query(identity: bytes, name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    return identity + struct.pack("!5H", 0x0100, 1, 0, 0, 0) + labels + struct.pack("!xHH", 1, 1)
