"""The connection thread of an association rests while nothing comes, and wakes at once when something does."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from pynetdicom.dul import DULServiceProvider

from gatekit.dicom.doorbell import LONGEST_S, Doorbell
from gatekit.dicom.model import Ask, Level, Patient, Side
from gatekit.dicom.network import DicomPeer
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, ScriptedPeer, real_instances

pytestmark = pytest.mark.peer

LONG_S = 30.0
STUDIES = Ask(Side.PACS, Level.STUDY)


@contextmanager
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def waited_s(bell: Doorbell, near: socket.socket | None, longest_s: float) -> float:
    started_s = time.monotonic()
    bell.wait(near, longest_s)
    return time.monotonic() - started_s


def test_in_2_the_wait_ends_with_bytes_with_the_end_of_the_peer_and_when_it_is_rung():
    bell = Doorbell()
    with connection() as (near, far):
        far.send(b"x")
        assert waited_s(bell, near, LONG_S) < 1
        near.recv(1)
        bell.ring()
        assert waited_s(bell, near, LONG_S) < 1
        assert waited_s(bell, near, 0.1) >= 0.1  # one ring ends one wait
        far.close()
        assert waited_s(bell, near, LONG_S) < 1


def test_in_2_a_connection_that_is_closed_or_gone_is_not_waited_for():
    bell = Doorbell()
    with connection() as (near, _):
        near.close()
        assert waited_s(bell, near, LONG_S) < 1
    assert waited_s(bell, None, LONG_S) < 1


def test_in_2_an_association_that_stands_is_looked_at_some_times_a_second_and_answers_at_once():
    looks = 0
    plain = DULServiceProvider._is_transport_event

    def counted(provider: DULServiceProvider) -> bool:
        nonlocal looks
        looks += provider.assoc.is_requestor
        return plain(provider)

    with (
        patch.object(DULServiceProvider, "_is_transport_event", counted),
        ScriptedPeer("PACS", real_instances()) as pacs,
        DicomPeer(pacs.peer, "GATEWAY") as peer,
    ):
        answers = len(peer.find(Patient(PATIENT_ID), STUDIES))
        looks = 0
        time.sleep(10 * LONGEST_S)
        rested = looks
        assert len(peer.find(Patient(PATIENT_ID), STUDIES)) == answers > 0
    assert rested <= 12, "it looked about without anything to do"
    assert looks > rested
