"""A dialogue with one linked system: its steps, each timed, and a channel on which no peer can make us wait."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

__all__ = ["Asked", "Channel", "Dialogue", "Ended", "Finding", "Trouble", "printable"]

FACT_LENGTH = 120


@dataclass(frozen=True)
class Asked:
    """One linked system to ask; what a protocol has no use for is None."""

    name: str
    protocol: str
    address: str
    port: int
    path: str | None = None
    account: str | None = None
    password: str | None = field(default=None, repr=False)
    host_key: str | None = None  # SHA256:... as confirmed by the vendor
    calling_ae_title: str | None = None
    called_ae_title: str | None = None
    information_model: str | None = None
    test_patient: str | None = field(default=None, repr=False)


class Trouble(Exception):  # noqa: N818 - an answer that is not what the protocol says, not a fault of this program
    """A step that did not go as the protocol says; ``outcome`` is a word, ``facts`` are what was seen."""

    def __init__(self, outcome: str, **facts: str) -> None:
        super().__init__(outcome, facts)
        self.outcome, self.facts = outcome, facts


class Ended(Exception):  # noqa: N818 - no error: the steps say why
    """The dialogue cannot go on; its steps say why."""


@dataclass
class Finding:
    """What a step finds while it runs."""

    outcome: str = "answered"
    facts: dict[str, str] = field(default_factory=dict)


class Dialogue:
    """The steps of one system, in order, all of them within ``timeout_s``."""

    def __init__(self, timeout_s: float) -> None:
        self.steps: list[dict[str, object]] = []
        self.deadline = time.monotonic() + timeout_s

    def remaining_s(self, most_s: float) -> float:
        """Return how long the next wait may be.

        Raises:
            TimeoutError: when no time is left.
        """
        left_s = self.deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return min(left_s, most_s)

    @contextmanager
    def step(self, name: str) -> Iterator[Finding]:
        """Time one step; what goes wrong in it becomes its outcome and ends the dialogue.

        Raises:
            Ended: after a step that went wrong.
        """
        finding, began = Finding(), time.monotonic()
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            yield finding
        except Trouble as trouble:
            self._record(name, at, began, trouble.outcome, {**finding.facts, **trouble.facts})
            raise Ended from trouble
        except OSError as error:
            outcome, facts = outcome_of(error)
            self._record(name, at, began, outcome, {**finding.facts, **facts})
            raise Ended from error
        self._record(name, at, began, finding.outcome, finding.facts)

    def skip(self, name: str, reason: str) -> None:
        """Record a step that is not run, and the word for why."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._record(name, at, time.monotonic(), "not_run", {"reason": reason})

    def _record(self, name: str, at: str, began: float, outcome: str, facts: dict[str, str]) -> None:
        duration_ms = round(1000 * (time.monotonic() - began), 1)
        row = {"name": name, "outcome": outcome, "facts": facts, "at": at, "duration_ms": duration_ms}
        self.steps.append(row)

    @contextmanager
    def connection(self, asked: Asked, most_s: float = 5.0) -> Iterator[Channel]:
        """Connect (step ``tcp``) and give the channel; it is closed at the end."""
        with self.step("tcp") as found:
            found.outcome = "accepted"
            stream = socket.create_connection((asked.address, asked.port), self.remaining_s(most_s))
        with stream:
            yield Channel(stream, self)


class Channel:
    """A connected socket whose every wait ends with the dialogue's time."""

    def __init__(self, stream: socket.socket, dialogue: Dialogue) -> None:
        self.stream, self._dialogue = stream, dialogue
        self._waiting = b""

    def send(self, content: bytes, most_s: float = 10.0) -> None:
        """Send all of it."""
        self.stream.settimeout(self._dialogue.remaining_s(most_s))
        self.stream.sendall(content)

    def some(self, most_s: float = 10.0) -> bytes:
        """Return what comes next, at least one byte.

        Raises:
            Trouble: ``cut`` when the peer closes.
        """
        if self._waiting:
            content, self._waiting = self._waiting, b""
            return content
        self.stream.settimeout(self._dialogue.remaining_s(most_s))
        content = self.stream.recv(65536)
        if not content:
            raise Trouble("cut")
        return content

    def exactly(self, count: int, most_s: float = 10.0) -> bytes:
        """Return this many bytes."""
        content = b""
        while len(content) < count:
            content += self.some(most_s)
        content, self._waiting = content[:count], content[count:]
        return content

    def until(self, end: bytes, limit: int, most_s: float = 10.0) -> bytes:
        """Return everything before ``end``.

        Raises:
            Trouble: ``garbled`` when it does not come within ``limit`` bytes.
        """
        content = b""
        while end not in content:
            if len(content) > limit:
                raise Trouble("garbled")
            content += self.some(most_s)
        content, self._waiting = content.split(end, 1)
        return content


def printable(content: bytes | str) -> str:
    """Return what a peer said about itself as short plain ASCII, safe on a page, in a table and in a log."""
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    return re.sub(r"[^ -~]+", " ", text).strip()[:FACT_LENGTH]


def outcome_of(error: OSError) -> tuple[str, dict[str, str]]:
    """Return the word for a failed call, and what the system says about it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "untrusted", {"reason": printable(error.verify_message)}
    if isinstance(error, ssl.SSLError):
        return "tls_failed", {"reason": printable(getattr(error, "reason", None) or "")}
    words = (
        (ConnectionRefusedError, "refused"),
        (TimeoutError, "no_answer"),
        (PermissionError, "blocked_here"),  # this host's own packet filter
        ((ConnectionResetError, BrokenPipeError), "cut"),
    )
    for kinds, word in words:
        if isinstance(error, kinds):
            return word, {}
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "unreachable", {}
    return "fault", {"reason": printable(error.strerror or str(error))}
