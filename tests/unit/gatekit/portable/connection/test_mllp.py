"""HL7: the query harms nobody, and only an acknowledgement of this very message counts."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from gatekit.portable.connection.mllp import END, START, query
from twin.images.terminal.hl7_listener import acknowledgement as twins_answer

pytestmark = pytest.mark.peer

TCP = ("tcp", "accepted", {})


def listener(reply):
    def script(stream: socket.socket) -> None:
        frame = b""
        while END not in frame:
            frame += stream.recv(4096)
        stream.sendall(reply(frame.removeprefix(START).removesuffix(END)))

    return script


def answer(code: str, control_id: str | None = None):
    def reply(message: bytes) -> bytes:
        ours = control_id or message.split(b"|")[9].decode()
        return START + f"MSH|^~\\&|A|B|C|D|2026||ACK^N01^ACK|1|T|2.5\rMSA|{code}|{ours}\r".encode() + END

    return reply


def test_op_7_the_query_is_about_the_interface_and_bears_no_patient_and_no_production_id() -> None:
    message = query("GWT1", datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)).decode()
    assert message == "MSH|^~\\&|GATEWAY||||20261123010203+0000||NMQ^N01^NMQ_N01|GWT1|T|2.5\r"


@pytest.mark.parametrize("code", ["AA", "AE", "AR"])
def test_op_7_any_acknowledgement_of_our_message_is_an_answer(peer, steps, code) -> None:
    expected = [TCP, ("hl7_ack", "answered", {"msa_1": code, "message": "ACK^N01^ACK"})]
    assert steps("hl7_mllp", peer(listener(answer(code)))) == expected


def test_op_7_the_twins_listener_acknowledges_the_query(peer, steps) -> None:
    port = peer(listener(lambda message: START + twins_answer(message) + END))
    assert steps("hl7_mllp", port) == [TCP, ("hl7_ack", "answered", {"msa_1": "AA", "message": "ACK"})]


@pytest.mark.parametrize(
    ("reply", "outcome", "facts"),
    [
        pytest.param(answer("AA", "ANOTHER"), "other_message", {"msa_1": "AA", "message": "ACK^N01^ACK"}, id="other"),
        pytest.param(lambda _: b"HTTP/1.1 400\r\n", "garbled", {"reason": "no MLLP frame"}, id="http"),
        pytest.param(lambda _: START + b"PID|1" + END, "garbled", {"reason": "no MSH segment"}, id="no-header"),
        pytest.param(lambda _: START + b"MSH|^~\\&|A\r" + END, "garbled", {"reason": "no MSA segment"}, id="no-msa"),
        pytest.param(lambda _: b"", "cut", {}, id="closes"),
        pytest.param(lambda _: START + b"M" * 70000, "garbled", {}, id="endless"),
    ],
)
def test_op_7_anything_else_is_not(peer, steps, reply, outcome, facts) -> None:
    assert steps("hl7_mllp", peer(listener(reply)))[1:] == [("hl7_ack", outcome, facts)]


def test_op_7_a_listener_that_never_answers_costs_no_more_than_its_time(peer, steps) -> None:
    def silent(stream: socket.socket) -> None:
        stream.recv(4096)
        stream.recv(4096)

    assert steps("hl7_mllp", peer(silent), timeout_s=0.3) == [TCP, ("hl7_ack", "no_answer", {})]


def test_op_7_a_closed_port_is_refused(steps, closed_port) -> None:
    assert steps("hl7_mllp", closed_port) == [("tcp", "refused", {})]
