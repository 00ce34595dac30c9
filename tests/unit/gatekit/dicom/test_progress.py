"""Progress of a C-MOVE is dropped before it costs anything, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import pytest
from pydicom.dataset import Dataset
from pynetdicom.dimse_messages import C_FIND_RSP, C_MOVE_RSP
from pynetdicom.dimse_primitives import C_FIND, C_MOVE

from gatekit.dicom.association import Timeouts
from gatekit.dicom.model import Level, Move, Patient
from gatekit.dicom.network import DicomPeer
from gatekit.dicom.progress import is_progress
from gatekit.dicom.statuses import MoveIncompleteError
from tests.unit.gatekit.dicom.scripted_peer import PATIENT_ID, ScriptedPeer, real_instances

pytestmark = pytest.mark.peer


def on_the_wire(status: int, kind: type = C_MOVE) -> list[tuple[int, bytes]]:
    """Return the PDVs of a response as pynetdicom writes it."""
    response = kind()
    response.MessageIDBeingRespondedTo, response.AffectedSOPClassUID = 1, "1.2.840.10008.5.1.4.1.2.2.2"
    response.Status = status
    if kind is C_MOVE:
        response.NumberOfRemainingSuboperations, response.NumberOfCompletedSuboperations = 1, 0xFF00
        response.NumberOfFailedSuboperations = response.NumberOfWarningSuboperations = 0x0900
    else:
        response.Identifier = BytesIO(b"")
    message = (C_MOVE_RSP if kind is C_MOVE else C_FIND_RSP)()
    message.primitive_to_message(response)
    return [(one[0], one[1]) for pdu in message.encode_msg(1, 16382) for one in pdu.presentation_data_value_list]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(on_the_wire(0xFF00), True, id="pending"),
        pytest.param(on_the_wire(0x0000), False, id="success-with-counts-that-look-alike"),
        pytest.param(on_the_wire(0xB000), False, id="warning"),
        pytest.param(on_the_wire(0xFF00, C_FIND)[:1], False, id="a-match-of-a-find"),
        pytest.param(on_the_wire(0xFF00) * 2, False, id="two-in-one"),
        pytest.param([(1, b"\x02" + on_the_wire(0xFF00)[0][1][1:])], False, id="data-set-fragment"),
    ],
)
def test_in_2_only_whole_pending_responses_of_a_move_are_progress(values, expected):
    assert is_progress(values) is expected


def test_in_2_a_peer_that_reports_progress_is_not_silent():
    """1.8 s of silence are too many here; the move takes 2.5 s, but is heard of."""
    instances = real_instances()

    def slowly(event) -> Iterator[tuple[int, Dataset | None]]:
        for _ in range(5):
            pacs.hold.wait(0.5)
            yield 0xFF00, next(iter(instances.values()))

    archive, pacs = ScriptedPeer("ARCHIVE"), ScriptedPeer("PACS", dict(instances), move_script=slowly, scripted_moves=5)
    with archive, pacs, DicomPeer(pacs.peer, "GATEWAY", Timeouts(move_s=1.8)) as peer:
        pacs.destinations["ARCHIVE"] = archive
        started_s = time.monotonic()
        with suppress(MoveIncompleteError):  # this archive takes one instance once
            peer.move(Patient(PATIENT_ID), Move(Level.STUDY, "1"), "ARCHIVE")
        assert time.monotonic() - started_s > 2.4
