"""Identifiers of C-FIND and C-MOVE: from asks to datasets and from answers to rows (PS3.4 C.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from gatekit.dicom.association import Peer
from gatekit.dicom.character_sets import terms
from gatekit.dicom.model import Ask, InstanceRow, Level, Move, Patient, Root, Row, SeriesRow, StudyRow
from gatekit.dicom.patients import canonical
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


def find_identifier(patient: Patient, ask: Ask, peer: Peer, *, issuer: bool = True) -> Dataset:
    """Return the request identifier of one C-FIND.

    In the study root the patient's id stands in it at study level only, in the patient root at every level
    (PS3.4 C.4.1.3.1.1, C.6.1.1). Without ``issuer`` it is not asked for: in the patient root it belongs to the
    patient level, where ``patient_identifier`` asks for it, though many peers return it below that as well.
    """
    identifier = Dataset()
    identifier.QueryRetrieveLevel = ask.level.value
    for keyword in _RETURN_KEYS[ask.level]:
        setattr(identifier, keyword, None)
    if ask.level is Level.STUDY:
        _put_studies(identifier, patient, ask, peer)
        if issuer and not ask.studies:
            identifier.IssuerOfPatientID = patient.issuer if peer.root is Root.STUDY and not peer.ours else ""
        return identifier
    identifier.StudyInstanceUID = list(ask.studies)
    if ask.level is Level.IMAGE:
        identifier.SeriesInstanceUID = list(ask.series)
    if peer.root is Root.PATIENT:
        _put_patient_id(identifier, patient, peer)
    return identifier


def patient_identifier(patient: Patient, peer: Peer) -> Dataset:
    """Return the request identifier that tells which issuers a patient-root peer knows for an id."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel = "PATIENT"
    identifier.IssuerOfPatientID = None
    _put_patient_id(identifier, patient, peer)
    return identifier


def _put_studies(identifier: Dataset, patient: Patient, ask: Ask, peer: Peer) -> None:
    if ask.studies:
        identifier.StudyInstanceUID = list(ask.studies)
        return
    _put_patient_id(identifier, patient, peer)


def _put_patient_id(identifier: Dataset, patient: Patient, peer: Peer) -> None:
    character_set = terms(peer.character_set, patient.patient_id + patient.issuer, peer.name)
    if character_set is not None:
        identifier.SpecificCharacterSet = character_set
    identifier.PatientID = patient.patient_id


def move_identifier(patient: Patient, move: Move, peer: Peer) -> Dataset:
    """Return the request identifier: unique keys only, a list at the level that is moved (PS3.4 C.4.2.1.4)."""
    identifier = Dataset()
    identifier.QueryRetrieveLevel = move.level.value
    if peer.root is Root.PATIENT:
        _put_patient_id(identifier, patient, peer)
    identifier.StudyInstanceUID = move.study
    if move.series:
        identifier.SeriesInstanceUID = list(move.series)
    if move.instances:
        identifier.SOPInstanceUID = list(move.instances)
    return identifier


def without_issuer(answers: Iterable[Dataset], peer: Peer) -> bool:
    """Return whether an answer leaves open whose patient it is."""
    return not all(_text(answer, "IssuerOfPatientID", peer.name) for answer in answers)


def is_known(patient: Patient, answers: Iterable[Dataset], peer: Peer) -> bool:
    """Return whether answers at patient level, in the patient root, are the patient's.

    Raises:
        DicomError: GW516 when two issuers share the id: below it nobody can tell them apart.
    """
    known = [answer for answer in answers if _is_asked_for(patient, answer, peer)]
    issuers = {_text(answer, "IssuerOfPatientID", peer.name) for answer in known} - {""}
    if len(issuers) > 1:
        fix = "Write information_model: study_root for this PACS in the site file, or merge these patients at it."
        raise DicomError("GW516", f"{peer.name}.find", "<two issuers>", fix)
    return bool(known) and (not patient.issuer or issuers <= {patient.issuer.strip()})


def rows_of(patient: Patient, ask: Ask, answers: Iterable[Dataset], peer: Peer) -> tuple[Row, ...]:
    """Return the answers as rows.

    Raises:
        DicomError: GW514 without a unique key or with an unreadable value; GW516 for another patient's study.
    """
    answers = tuple(answers)
    if ask.level is Level.STUDY and not ask.studies:
        answers = _of_patient(patient, answers, peer)
    return tuple(_row(ask, answer, peer.name) for answer in answers)


def _of_patient(patient: Patient, answers: tuple[Dataset, ...], peer: Peer) -> tuple[Dataset, ...]:
    """Return the answers of the patient's issuer; of a PACS refuse those of somebody else's id or of two issuers."""
    path = f"{peer.name}.find"
    asked_for = tuple(answer for answer in answers if _is_asked_for(patient, answer, peer))
    if len(asked_for) < len(answers) and not peer.ours:
        raise DicomError("GW516", path, "<another patient>", "Have the PACS vendor match PatientID exactly.")
    if patient.issuer:
        own = {"", patient.issuer.strip()}
        return tuple(answer for answer in asked_for if _text(answer, "IssuerOfPatientID", peer.name) in own)
    issuers = {_text(answer, "IssuerOfPatientID", peer.name) for answer in asked_for} - {""}
    if len(issuers) > 1 and not peer.ours:
        raise DicomError("GW516", path, "<two issuers>", "Name the issuer of this PACS's patient ids in the site file.")
    return asked_for


def _is_asked_for(patient: Patient, answer: Dataset, peer: Peer) -> bool:
    """Return whether an answer names the patient's id, in whichever padding, or none."""
    answered = _text(answer, "PatientID", peer.name)
    rule = peer.patient_id
    return not answered or canonical(answered, rule) == canonical(patient.patient_id, rule)


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
