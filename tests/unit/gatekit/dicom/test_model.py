"""Periods, modalities, moves, and patients that do not show."""

from __future__ import annotations

from datetime import date

import pytest

from gatekit.dicom.model import Difference, Entity, Level, Move, Patient, Published, Share
from gatekit.errors import DicomError

PATIENT_FIX = "Give 1 to 64 characters without * ? \\ and control characters (PS3.5 6.2, PS3.4 C.2.2.2.4)."


@pytest.mark.parametrize(
    ("months", "today", "expected"),
    [
        pytest.param(1, date(2026, 3, 31), date(2026, 2, 28), id="shorter-month"),
        pytest.param(1, date(2024, 3, 31), date(2024, 2, 29), id="leap-year"),
        pytest.param(12, date(2026, 11, 23), date(2025, 11, 23), id="a-year"),
        pytest.param(1, date(2026, 1, 15), date(2025, 12, 15), id="over-new-year"),
        pytest.param(1200, date(2026, 11, 23), date(1926, 11, 23), id="longest"),
    ],
)
def test_in_4_published_period_starts_on_the_same_day_months_ago(months, today, expected):
    assert Published(months).cutoff(today) == expected


@pytest.mark.parametrize(
    ("published", "in_study", "expected"),
    [
        pytest.param((), None, Share.ALL, id="everything-is-published"),
        pytest.param(("CT",), None, Share.PARTLY, id="unknown"),
        pytest.param(("CT",), ("CT",), Share.ALL, id="all"),
        pytest.param(("CT", "MR"), ("CT", "SR"), Share.PARTLY, id="some"),
        pytest.param(("CT",), ("SR",), Share.NONE, id="none"),
    ],
)
def test_in_4_share_of_a_study_follows_its_modalities(published, in_study, expected):
    assert Published(1, published).share(in_study) is expected


@pytest.mark.parametrize(
    ("patient_id", "issuer", "path"),
    [
        pytest.param("", "", "patient.patient_id", id="empty-would-match-everybody"),
        pytest.param("  ", "", "patient.patient_id", id="blank"),
        pytest.param("1*", "", "patient.patient_id", id="wildcard"),
        pytest.param("1?", "", "patient.patient_id", id="wildcard-of-one"),
        pytest.param("1\\2", "", "patient.patient_id", id="two-values"),
        pytest.param("1\n2", "", "patient.patient_id", id="control-character"),
        pytest.param("1" * 65, "", "patient.patient_id", id="too-long"),
        pytest.param("1", "*", "patient.issuer", id="issuer"),
    ],
)
def test_in_2_patient_that_would_match_others_is_refused(patient_id, issuer, path):
    with pytest.raises(DicomError) as caught:
        Patient(patient_id, issuer)
    assert caught.value.facts == ("GW517", path, "<hidden>", PATIENT_FIX)


def test_in_2_patient_shows_in_no_text_and_its_fingerprint_needs_the_key():
    patient = Patient("0012345", "HOSPITAL")
    shown = repr(patient) + str(patient) + patient.fingerprint(b"key")
    assert "12345" not in shown
    assert "HOSPITAL" not in shown
    assert patient.fingerprint(b"key") == Patient(" 0012345", "HOSPITAL ").fingerprint(b"key")
    others = [patient.fingerprint(b"yek"), Patient("0012345").fingerprint(b"key"), Patient("12345").fingerprint(b"key")]
    assert len({patient.fingerprint(b"key"), *others}) == 4


def test_in_4_moves_group_what_one_request_can_name():
    difference = Difference(
        studies=(Entity("1"), Entity("2")),
        series=(Entity("3", "1"), Entity("3", "2"), Entity("4", "1")),
        instances=tuple(Entity("5", "1", str(number)) for number in range(1, 4)),
    )
    assert list(difference.moves(2)) == [
        Move(Level.STUDY, "1"),
        Move(Level.STUDY, "2"),
        Move(Level.SERIES, "3", ("1", "2")),
        Move(Level.SERIES, "4", ("1",)),
        Move(Level.IMAGE, "5", ("1",), ("1", "2")),
        Move(Level.IMAGE, "5", ("1",), ("3",)),
    ]
    assert len(list(difference.moves(1))) == 8
