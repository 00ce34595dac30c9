"""All systems are asked at once, and one that hangs holds up nobody."""

from __future__ import annotations

import time

import pytest

from gatekit.portable.connection.ask import PROTOCOLS, ask_all
from gatekit.portable.connection.dialogue import Asked

pytestmark = pytest.mark.peer


def test_op_7_a_hanging_system_holds_up_nobody(peer) -> None:
    port = peer(lambda stream: stream.recv(4096) and stream.recv(4096))
    systems = [Asked(f"system{number}", "hl7_mllp", "127.0.0.1", port) for number in range(8)]
    began = time.monotonic()
    answers = ask_all(systems, 0.5)
    assert time.monotonic() - began < 3
    assert {rows[-1]["outcome"] for rows in answers.values()} == {"no_answer"}


def test_every_protocol_of_the_site_file_can_be_asked() -> None:
    assert set(PROTOCOLS) == {"dicom", "hl7_mllp", "http", "https", "own_listener", "sftp", "smb", "sql"}


def test_secrets_and_patients_are_not_in_the_representation() -> None:
    asked = Asked("a", "sftp", "127.0.0.1", 22, password="s3cr3t", test_patient="T-77")
    assert "s3cr3t" not in repr(asked)
    assert "T-77" not in repr(asked)
