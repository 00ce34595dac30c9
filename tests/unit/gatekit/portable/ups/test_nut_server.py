"""The one command to the UPS, against a server that speaks NUT's protocol."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gatekit.portable.ups.nut_server import Account, UpsError, arm

PASSWORD = "never-to-be-seen"
ACCOUNT = Account("gwpower", PASSWORD)


@contextmanager
def server(*answers: str) -> Iterator[tuple[int, list[str]]]:
    """Answer one connection's lines in turn; give the port and what was heard."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rw", encoding="ascii", newline="\n") as lines:
                for answer in answers:
                    heard.append(lines.readline().rstrip("\n"))
                    lines.write(f"{answer}\n")
                    lines.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(5.0)


def test_ap_5_the_ups_is_told_to_cut_its_output_and_to_give_it_back() -> None:
    with server("OK", "OK", "OK TRACKING 1") as (port, heard):
        arm(port, "gwups", ACCOUNT)
    assert heard == ["USERNAME gwpower", f"PASSWORD {PASSWORD}", "INSTCMD gwups shutdown.return"]


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (("OK", "OK", "ERR CMD-NOT-SUPPORTED"), "CMD-NOT-SUPPORTED"),
        (("OK", "OK", "ERR ACCESS-DENIED"), "ACCESS-DENIED"),
        (("OK", "ERR INVALID-PASSWORD"), "INVALID-PASSWORD"),
        (("OK", ""), "no answer"),
    ],
)
def test_what_the_server_refuses_is_said_in_its_word(answers: tuple[str, ...], word: str) -> None:
    with server(*answers) as (port, _), pytest.raises(UpsError) as refused:
        arm(port, "gwups", ACCOUNT)
    assert str(refused.value) == word


def test_no_server_is_named_by_the_kind_of_the_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UpsError, match="ConnectionRefusedError"):
        arm(port, "gwups", ACCOUNT)


def test_the_password_is_in_no_text_of_the_account() -> None:
    assert PASSWORD not in repr(ACCOUNT)
