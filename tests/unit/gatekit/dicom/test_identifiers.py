"""What goes out in a query, and which answers are believed."""

from __future__ import annotations

from datetime import date

import pytest
from pydicom.dataset import Dataset

from gatekit.dicom.association import Peer
from gatekit.dicom.identifiers import find_identifier, move_identifier, rows_of
from gatekit.dicom.model import Ask, InstanceRow, Level, Move, Patient, SeriesRow, Side, StudyRow
from gatekit.dicom.privacy import silence_identifiers
from gatekit.errors import DicomError

PATIENT = Patient("4711", "")
PEER = Peer("pacs", "PACS", "127.0.0.1", 104)
STUDIES = Ask(Side.PACS, Level.STUDY)
SERIES = Ask(Side.PACS, Level.SERIES, ("1.2",))
IMAGES = Ask(Side.PACS, Level.IMAGE, ("1.2", "1.3"), ("1.2.1", "1.3.1"))


def dataset(**elements: object) -> Dataset:
    silence_identifiers()
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize(
    ("patient", "ask", "expected"),
    [
        pytest.param(
            PATIENT,
            STUDIES,
            {
                "QueryRetrieveLevel": "STUDY",
                "PatientID": "4711",
                "IssuerOfPatientID": "",
                "StudyInstanceUID": None,
                "StudyDate": None,
                "ModalitiesInStudy": None,
                "NumberOfStudyRelatedSeries": None,
                "NumberOfStudyRelatedInstances": None,
            },
            id="study",
        ),
        pytest.param(
            PATIENT,
            SERIES,
            {
                "QueryRetrieveLevel": "SERIES",
                "StudyInstanceUID": "1.2",
                "SeriesInstanceUID": None,
                "Modality": None,
                "NumberOfSeriesRelatedInstances": None,
            },
            id="series-without-the-patient",
        ),
        pytest.param(
            PATIENT,
            IMAGES,
            {
                "QueryRetrieveLevel": "IMAGE",
                "StudyInstanceUID": ["1.2", "1.3"],
                "SeriesInstanceUID": ["1.2.1", "1.3.1"],
                "SOPInstanceUID": None,
            },
            id="image-relational",
        ),
    ],
)
def test_in_2_query_holds_the_keys_of_its_level(patient, ask, expected):
    assert {element.keyword: element.value for element in find_identifier(patient, ask, PEER)} == expected


def test_in_2_patient_id_beyond_ascii_goes_out_in_utf_8():
    identifier = find_identifier(Patient("患者4711"), STUDIES, PEER)
    assert (identifier.SpecificCharacterSet, identifier.PatientID) == ("ISO_IR 192", "患者4711")


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (Move(Level.STUDY, "1.2"), {"QueryRetrieveLevel": "STUDY", "StudyInstanceUID": "1.2"}),
        (
            Move(Level.SERIES, "1.2", ("1.2.1", "1.2.2")),
            {"QueryRetrieveLevel": "SERIES", "StudyInstanceUID": "1.2", "SeriesInstanceUID": ["1.2.1", "1.2.2"]},
        ),
        (
            Move(Level.IMAGE, "1.2", ("1.2.1",), ("7",)),
            {
                "QueryRetrieveLevel": "IMAGE",
                "StudyInstanceUID": "1.2",
                "SeriesInstanceUID": "1.2.1",
                "SOPInstanceUID": "7",
            },
        ),
    ],
)
def test_in_2_retrieve_request_holds_unique_keys_alone(move, expected):
    assert {element.keyword: element.value for element in move_identifier(PATIENT, move, PEER)} == expected


@pytest.mark.parametrize(
    ("ask", "answer", "row"),
    [
        pytest.param(STUDIES, {"StudyInstanceUID": "1.2"}, StudyRow("1.2"), id="study-without-optional-keys"),
        pytest.param(
            STUDIES,
            {
                "PatientID": "4711 ",
                "StudyInstanceUID": "1.2",
                "StudyDate": "20261101",
                "ModalitiesInStudy": ["SR", "CT"],
                "NumberOfStudyRelatedSeries": 2,
                "NumberOfStudyRelatedInstances": 0,
            },
            StudyRow("1.2", date(2026, 11, 1), ("CT", "SR"), 2, None),
            id="study-and-a-count-of-0",
        ),
        pytest.param(
            SERIES,
            {"SeriesInstanceUID": "1.2.1", "Modality": "CT", "NumberOfSeriesRelatedInstances": 9},
            SeriesRow("1.2", "1.2.1", "CT", 9),
            id="series-without-its-study",
        ),
        pytest.param(
            IMAGES,
            {"StudyInstanceUID": "1.3", "SeriesInstanceUID": "1.3.1", "SOPInstanceUID": "7"},
            InstanceRow("1.3", "1.3.1", "7"),
            id="image",
        ),
    ],
)
def test_in_2_answer_becomes_a_row(ask, answer, row):
    assert rows_of(PATIENT, ask, [dataset(**answer)], PEER) == (row,)


@pytest.mark.parametrize(
    ("patient", "ask", "answers", "code", "value"),
    [
        pytest.param(PATIENT, STUDIES, [{}], "GW514", "StudyInstanceUID", id="no-study-uid"),
        pytest.param(PATIENT, SERIES, [{}], "GW514", "SeriesInstanceUID", id="no-series-uid"),
        pytest.param(
            PATIENT, IMAGES, [{"SOPInstanceUID": "7"}], "GW514", "StudyInstanceUID", id="parent-of-many-left-out"
        ),
        pytest.param(
            PATIENT,
            STUDIES,
            [{"StudyInstanceUID": "1", "StudyDate": "20261301"}],
            "GW514",
            "StudyDate",
            id="no-such-month",
        ),
        pytest.param(
            PATIENT,
            STUDIES,
            [{"StudyInstanceUID": "1", "PatientID": "4712"}],
            "GW516",
            "<another patient>",
            id="other-id",
        ),
        pytest.param(
            PATIENT,
            STUDIES,
            [{"StudyInstanceUID": one, "IssuerOfPatientID": one} for one in ("1", "2")],
            "GW516",
            "<two issuers>",
            id="two-issuers",
        ),
    ],
)
def test_in_2_answer_that_cannot_be_used_is_refused(patient, ask, answers, code, value):
    with pytest.raises(DicomError) as caught:
        rows_of(patient, ask, [dataset(**answer) for answer in answers], PEER)
    assert caught.value.facts[:3] == (code, "pacs.find", value)


def test_in_2_of_an_id_shared_by_two_issuers_only_ours_is_taken():
    answers = [dataset(StudyInstanceUID=one, IssuerOfPatientID=one) for one in ("1", "2")]
    assert rows_of(Patient("4711", "2"), STUDIES, answers, PEER) == (StudyRow("2"),)
