"""What each answer means: state and code of every outcome, and sentences that tell the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatekit.codes import CODES
from gatekit.connection.model import State, Step
from gatekit.connection.verdicts import ANSWERS, FAILURES, GAPS, judge
from gatekit.connection.words import STEPS
from tests.unit.gatekit.connection.conftest import OK, step

PORTABLE = Path(__file__).resolve().parents[4] / "gatekit/portable/connection"


def judged(name, outcome, **facts):
    return judge(Step.model_validate(step(name, outcome, facts)))


@pytest.mark.parametrize("row", [row for rows in OK.values() for row in rows], ids=lambda row: row[0])
def test_op_7_an_answer_as_the_protocol_says_passes_without_a_code(row) -> None:
    verdict = judge(Step.model_validate(step(*row)))
    assert (verdict.state, verdict.code, verdict.fix) == (State.PASSED, None, None)


@pytest.mark.parametrize(
    ("name", "outcome", "facts", "code", "english"),
    [
        ("tcp", "refused", {}, "GW402", "the connection was refused"),
        ("tcp", "no_answer", {}, "GW402", "no answer in time"),
        ("tcp", "blocked_here", {}, "GW603", "VM1's own filter stopped it"),
        (
            "association",
            "rejected",
            {"result": "1", "source": "1", "reason": "7"},
            "GW502",
            "the association was rejected: the AE title we called is not theirs (1, 1, 7)",
        ),
        (
            "association",
            "rejected",
            {"result": "2", "source": "9", "reason": "9"},
            "GW502",
            "the association was rejected: ? (2, 9, 9)",
        ),
        ("c_echo", "answered", {"status": "0122"}, "GW509", "C-ECHO failed (0122)"),
        ("c_echo", "not_offered", {"result": "3"}, "GW505", "the peer does not offer this service (result 3)"),
        (
            "c_find",
            "answered",
            {"status": "A700", "studies": "0", "others": "0"},
            "GW506",
            "C-FIND failed (0xA700 out of resources)",
        ),
        (
            "c_find",
            "answered",
            {"status": "0000", "studies": "0", "others": "0"},
            "GW604",
            "no study of the test patient",
        ),
        (
            "c_find",
            "answered",
            {"status": "0000", "studies": "1", "others": "1"},
            "GW516",
            "answers about another patient than the one asked for",
        ),
        (
            "hl7_ack",
            "other_message",
            {"msa_1": "AA"},
            "GW603",
            "an answer to another message (MSA-2 differs) (msa_1 AA)",
        ),
        ("hl7_ack", "answered", {"msa_1": "XX"}, "GW603", "an answer outside the protocol (MSA-1 XX)"),
        ("http", "answered", {"status": "404"}, "GW604", "404: the path asked for is not served"),
        ("http", "answered", {"status": "503"}, "GW604", "503: the path asked for is not served"),
        ("tls", "tls_failed", {"reason": "X"}, "GW603", "TLS could not be agreed (reason X)"),
        ("ssh_host_key", "other_host_key", {"ssh-ed25519": "SHA256:x"}, "GW416", "not the host key that was confirmed"),
        ("sftp_listing", "login_refused", {}, "GW401", "the account was refused"),
        ("sftp_listing", "no_such_folder", {}, "GW604", "the folder could not be listed"),
        ("smb_negotiate", "negative", {"status": "0xC00000BB"}, "GW604", "the server refused (status 0xC00000BB)"),
        ("sql_greeting", "negative", {"status": "1130"}, "GW604", "the server refused (status 1130)"),
    ],
)
def test_op_7_what_went_wrong_fails_with_code_and_sentence(name, outcome, facts, code, english) -> None:
    verdict = judged(name, outcome, **facts)
    assert (verdict.state, verdict.code, verdict.observed.en) == (State.FAILED, code, english)
    assert verdict.fix is not None


@pytest.mark.parametrize("reason", sorted(GAPS))
def test_op_7_what_was_not_run_is_neither_passed_nor_failed(reason) -> None:
    assert judged("sftp_listing", "not_run", reason=reason).state is State.INCOMPLETE


def test_op_7_an_unverified_certificate_is_not_a_pass() -> None:
    facts = {"version": "TLSv1.3", "sha256": "ab", "verified": "no", "reason": "self-signed certificate"}
    verdict = judged("tls", "answered", **facts)
    assert (verdict.state, verdict.code) == (State.INCOMPLETE, "GW416")
    assert "sha256 ab" in verdict.observed.en
    assert "self-signed certificate" in verdict.observed.ja


def test_op_7_a_host_key_nobody_confirmed_is_not_a_pass() -> None:
    verdict = judged("ssh_host_key", "answered", **{"ssh-ed25519": "SHA256:x"})
    assert (verdict.state, verdict.observed.en) == (State.INCOMPLETE, "to be confirmed: ssh-ed25519 SHA256:x")


def test_op_7_a_listener_of_ours_that_is_not_there_accuses_no_vendor() -> None:
    verdict = judged("own_listener", "refused")
    assert (verdict.state, verdict.code) == (State.INCOMPLETE, "GW420")


def test_every_word_the_node_can_write_is_understood_here() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PORTABLE.glob("*.py"))
    outcomes = set(re.findall(r'Trouble\(\s*"(\w+)"', text)) | {"login_refused", "ssh_failed"}
    assert outcomes - {"rejected"} <= set(FAILURES)
    assert set(re.findall(r'\.step\("(\w+)"\)', text)) == set(ANSWERS)
    skipped = dict(re.findall(r'\.skip\("(\w+)", "(\w+)"\)', text))
    assert (set(skipped.values()) | {"no_account"}) <= set(GAPS)
    assert set(STEPS) == set(ANSWERS) | set(skipped)


def test_codes_stand_in_the_one_table() -> None:
    assert {code for code, _observed, _fix in FAILURES.values()} <= set(CODES)
