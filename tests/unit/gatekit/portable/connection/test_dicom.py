"""DICOM against pynetdicom on loopback: the association, C-ECHO, C-FIND, and every way they go wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.transport import AssociationSocket

from gatekit.portable.connection import dicom
from gatekit.portable.connection.dicom_wire import pdu

pytestmark = pytest.mark.peer

TCP, ASSOCIATED = ("tcp", "accepted", {}), ("association", "accepted", {})
ECHO = ("c_echo", "answered", {"status": "0000"})
TITLES = {"calling_ae_title": "KITA_GW", "called_ae_title": "KITA_PACS"}
STUDY_ROOT, PATIENT_ROOT = "1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.1.2.1.1"


@pytest.fixture(autouse=True)
def _sockets_close_at_once(monkeypatch) -> None:
    """pynetdicom 3.0.4 leaves a socket whose peer is gone to the garbage collector, which warns at any time."""

    def close(transport: AssociationSocket) -> None:
        with suppress(OSError):
            transport.socket.shutdown(socket.SHUT_RDWR)
        transport.socket.close()

    monkeypatch.setattr(AssociationSocket, "_shutdown_socket", close)


def study(patient: str) -> Dataset:
    made = Dataset()
    made.QueryRetrieveLevel = "STUDY"
    made.PatientID, made.PatientName, made.StudyInstanceUID = patient, "YAMADA^TARO", "1.2.3"
    return made


@contextmanager
def pacs(
    find: Callable[[evt.Event], Iterator[tuple[int, Dataset | None]]],
    classes: tuple[str, ...] = ("1.2.840.10008.1.1", STUDY_ROOT, PATIENT_ROOT),
    echo: int = 0,
    calling: tuple[str, ...] = (),
) -> Iterator[int]:
    ae = AE(ae_title="KITA_PACS")
    ae.require_called_aet, ae.require_calling_aet = True, list(calling)
    for uid in classes:
        ae.add_supported_context(uid)
    handlers: list[evt.EventHandlerType] = [(evt.EVT_C_FIND, find), (evt.EVT_C_ECHO, lambda _: echo)]
    server = ae.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    try:
        yield int(server.socket.getsockname()[1])
    finally:
        server.shutdown()


def found(*patients: str):
    def answers(_event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for patient in patients:
            yield 0xFF00, study(patient)

    return answers


@pytest.mark.parametrize("model", ["study_root", "patient_root"])
def test_op_7_in_2_the_test_patients_studies_are_counted_and_nothing_of_them_is_kept(steps, model) -> None:
    asked: list[Dataset] = []

    def answers(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        asked.append(event.identifier)
        yield from found("T1", "T1")(event)

    with pacs(answers) as port:
        seen = steps("dicom", port, test_patient="T1", information_model=model, **TITLES)
    facts = {"status": "0000", "studies": "2", "others": "0"}
    assert seen == [TCP, ASSOCIATED, ECHO, ("c_find", "answered", facts)]
    assert [(row.QueryRetrieveLevel, row.PatientID, row.StudyInstanceUID) for row in asked] == [("STUDY", "T1", "")]
    assert "PatientName" not in asked[0]


def test_op_7_answers_about_another_patient_are_counted_apart(steps) -> None:
    with pacs(found("T1", "T2", "T11")) as port:
        seen = steps("dicom", port, test_patient="T1", **TITLES)
    assert seen[-1] == ("c_find", "answered", {"status": "0000", "studies": "1", "others": "2"})


@pytest.mark.filterwarnings("ignore::UserWarning")  # pydicom warns of the long text, unless another test silenced it
def test_op_7_many_and_large_answers_arrive_in_fragments(steps) -> None:
    def large(_event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        for _ in range(120):
            answer = study("T1")
            answer.StudyDescription = "x" * 40000  # more than one PDU of ours holds
            yield 0xFF00, answer

    with pacs(large) as port:
        seen = steps("dicom", port, test_patient="T1", **TITLES)
    assert seen[-1] == ("c_find", "answered", {"status": "0000", "studies": "120", "others": "0"})


def test_op_7_without_a_test_patient_nobody_is_looked_for(steps) -> None:
    with pacs(found("T1")) as port:
        seen = steps("dicom", port, **TITLES)
    assert seen == [TCP, ASSOCIATED, ECHO, ("c_find", "not_run", {"reason": "no_test_patient"})]


@pytest.mark.parametrize(
    ("titles", "reason"),
    [
        pytest.param({**TITLES, "called_ae_title": "OTHER"}, "7", id="called-title"),
        pytest.param({**TITLES, "calling_ae_title": "OTHER"}, "3", id="calling-title"),
    ],
)
def test_op_7_a_rejected_association_tells_why(steps, titles, reason) -> None:
    with pacs(found(), calling=("KITA_GW",)) as port:
        seen = steps("dicom", port, **titles)
    assert seen == [TCP, ("association", "rejected", {"result": "1", "source": "1", "reason": reason})]


def test_op_7_a_failed_find_keeps_its_status(steps) -> None:
    with pacs(lambda _: iter([(0xA700, None)])) as port:
        seen = steps("dicom", port, test_patient="T1", **TITLES)
    assert seen[-1] == ("c_find", "answered", {"status": "A700", "studies": "0", "others": "0"})


def test_op_7_a_failed_echo_keeps_its_status(steps) -> None:
    with pacs(found(), echo=0x0122) as port:
        seen = steps("dicom", port, **TITLES)
    assert seen[2] == ("c_echo", "answered", {"status": "0122"})


def test_op_7_a_service_that_is_not_offered_is_told(steps) -> None:
    with pacs(found(), classes=("1.2.840.10008.1.1", PATIENT_ROOT)) as port:
        seen = steps("dicom", port, test_patient="T1", information_model="study_root", **TITLES)
    assert seen == [TCP, ASSOCIATED, ECHO, ("c_find", "not_offered", {"result": "3"})]


def test_op_7_an_abort_in_mid_find_is_told(steps) -> None:
    def abort(event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        yield 0xFF00, study("T1")
        event.assoc.abort()

    with pacs(abort) as port:
        seen = steps("dicom", port, test_patient="T1", **TITLES)
    assert [row[:2] for row in seen[3:]] == [("c_find", "aborted")]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", "garbled", id="http"),
        pytest.param(pdu(2, bytes(70)), "not_offered", id="accepts-nothing"),
        pytest.param(b"\x02\0\xff\xff\xff\xff", "garbled", id="huge-pdu"),
        pytest.param(b"", "cut", id="closes"),
    ],
)
def test_op_7_whoever_speaks_no_dicom_is_told_apart(peer, steps, reply, outcome) -> None:
    port = peer(lambda stream: stream.recv(4096) and stream.sendall(reply))
    assert steps("dicom", port, **TITLES)[-1][1] == outcome


def test_op_7_answers_without_end_are_given_up(steps, monkeypatch) -> None:
    monkeypatch.setattr(dicom, "MATCH_LIMIT", 3)
    with pacs(found("T1", "T1", "T1", "T1")) as port:
        seen = steps("dicom", port, test_patient="T1", **TITLES)
    assert seen[-1] == ("c_find", "too_many", {"studies": "3", "others": "0"})
