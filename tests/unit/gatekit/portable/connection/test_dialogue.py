"""What a failed call is called, and what of a peer's words gets onto a page."""

from __future__ import annotations

import errno
import ssl

import pytest

from gatekit.portable.connection.dialogue import outcome_of, printable

pytestmark = pytest.mark.peer


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(), ("refused", {})),
        (TimeoutError(), ("no_answer", {})),
        (PermissionError(), ("blocked_here", {})),
        (ConnectionResetError(), ("cut", {})),
        (BrokenPipeError(), ("cut", {})),
        (OSError(errno.EHOSTUNREACH, "No route to host"), ("unreachable", {})),
        (OSError(errno.EMFILE, "Too many open files"), ("fault", {"reason": "Too many open files"})),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), ("tls_failed", {"reason": ""})),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_failure_has_its_word(error, expected) -> None:
    assert outcome_of(error) == expected


def test_a_peers_words_are_short_plain_ascii() -> None:
    assert printable(b"SSH-2.0-x\x1b[31m\x00\xe5" + b"y" * 500) == "SSH-2.0-x [31m " + "y" * 105
