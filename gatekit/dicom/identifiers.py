"""Identifiers of C-FIND and C-MOVE: from asks to datasets and from answers to rows (PS3.4 C.6.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from gatekit.dicom.model import Ask, InstanceRow, Level, Move, Patient, Row, SeriesRow, StudyRow
from gatekit.errors import DicomError

_RETURN_KEYS: dict[Level, tuple[str, ...]] = {
    Level.STUDY: (
        "StudyInstanceUID",
        "StudyDate",
        "ModalitiesInStudy",
        "NumberOfStudyRelatedSeries",
        "NumberOfStudyRelatedInstances",
    ),
    Level.SERIES: ("SeriesInstanceUID", "Modality", "NumberOfSeriesRelatedInstances"),
    Level.IMAGE: ("SOPInstanceUID",),
}


def find_identifier(patient: Patient, ask: Ask) -> Dataset:
    """Return the request identifier; the patient's id stands in it at study level only (PS3.4 C.4.1.3.1.1)."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel = ask.level.value
    for keyword in _RETURN_KEYS[ask.level]:
        setattr(identifier, keyword, None)
    if ask.level is Level.STUDY:
        _put_patient(identifier, patient)
        return identifier
    identifier.StudyInstanceUID = list(ask.studies)
    if ask.level is Level.IMAGE:
        identifier.SeriesInstanceUID = list(ask.series)
    return identifier


def _put_patient(identifier: Dataset, patient: Patient) -> None:
    if not (patient.patient_id + patient.issuer).isascii():
        identifier.SpecificCharacterSet = "ISO_IR 192"
    identifier.PatientID = patient.patient_id
    identifier.IssuerOfPatientID = patient.issuer


def move_identifier(move: Move) -> Dataset:
    """Return the request identifier: unique keys only, a list at the level that is moved (PS3.4 C.4.2.1.4)."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel = move.level.value
    identifier.StudyInstanceUID = move.study
    if move.series:
        identifier.SeriesInstanceUID = list(move.series)
    if move.instances:
        identifier.SOPInstanceUID = list(move.instances)
    return identifier


def rows_of(patient: Patient, ask: Ask, answers: Iterable[Dataset], peer: str) -> tuple[Row, ...]:
    """Return the answers as rows.

    Raises:
        DicomError: GW514 without a unique key or with an unreadable value; GW516 for another patient's study.
    """
    answers = tuple(answers)
    if ask.level is Level.STUDY:
        answers = _of_patient(patient, answers, peer)
    return tuple(_row(ask, answer, peer) for answer in answers)


def _of_patient(patient: Patient, answers: tuple[Dataset, ...], peer: str) -> tuple[Dataset, ...]:
    """Return the answers of the patient's issuer; refuse those of somebody else's id or of two issuers."""
    path = f"{peer}.find"
    ids = {_text(answer, "PatientID", peer) for answer in answers} - {""}
    if ids - {patient.patient_id.strip()}:
        raise DicomError("GW516", path, "<another patient>", "Have the PACS vendor match PatientID exactly.")
    if patient.issuer:
        own = {"", patient.issuer.strip()}
        return tuple(answer for answer in answers if _text(answer, "IssuerOfPatientID", peer) in own)
    if len({_text(answer, "IssuerOfPatientID", peer) for answer in answers} - {""}) > 1:
        raise DicomError("GW516", path, "<two issuers>", "Name the issuer of this PACS's patient ids in the site file.")
    return answers


def _row(ask: Ask, answer: Dataset, peer: str) -> Row:
    study = _uid(answer, "StudyInstanceUID", ask.studies, peer)
    if ask.level is Level.STUDY:
        return StudyRow(
            study,
            _date(answer, peer),
            tuple(sorted(set(_texts(answer, "ModalitiesInStudy", peer)))) or None,
            _count(answer, "NumberOfStudyRelatedSeries", peer),
            _count(answer, "NumberOfStudyRelatedInstances", peer),
        )
    series = _uid(answer, "SeriesInstanceUID", ask.series, peer)
    if ask.level is Level.SERIES:
        count = _count(answer, "NumberOfSeriesRelatedInstances", peer)
        return SeriesRow(study, series, _text(answer, "Modality", peer) or None, count)
    return InstanceRow(study, series, _uid(answer, "SOPInstanceUID", (), peer))


def _texts(answer: Dataset, keyword: str, peer: str) -> list[str]:
    try:
        value = answer.get(keyword)
    except (ValueError, TypeError, NotImplementedError):
        raise _unreadable(keyword, peer) from None
    values = value if isinstance(value, MultiValue) else [value]
    return [text for text in (str(one).strip() for one in values if one is not None) if text]


def _text(answer: Dataset, keyword: str, peer: str) -> str:
    return "\\".join(_texts(answer, keyword, peer))


def _uid(answer: Dataset, keyword: str, asked: tuple[str, ...], peer: str) -> str:
    """Return a UID of the answer; one that was asked for alone may be left out."""
    values = _texts(answer, keyword, peer) or (list(asked) if len(asked) == 1 else [])
    if len(values) != 1:
        raise _unreadable(keyword, peer)
    return values[0]


def _date(answer: Dataset, peer: str) -> date | None:
    text = _text(answer, "StudyDate", peer).replace(".", "")  # ACR-NEMA wrote 2026.11.23 (PS3.5 6.2, DA, note)
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - DICOM dates have no time zone
    except ValueError:
        raise _unreadable("StudyDate", peer) from None


def _count(answer: Dataset, keyword: str, peer: str) -> int | None:
    """Return a count, or None where it is absent or 0: nothing is listed that holds nothing."""
    text = _text(answer, keyword, peer)
    if text and not text.isdecimal():
        raise _unreadable(keyword, peer)
    return int(text or 0) or None


def _unreadable(keyword: str, peer: str) -> DicomError:
    fix = "Show the PACS vendor the answer: a unique key must be there, dates and numbers must be readable."
    return DicomError("GW514", f"{peer}.find", keyword, fix)
