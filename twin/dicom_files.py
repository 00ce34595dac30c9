"""Real DICOM files for a PACS: test files that come with the pydicom package, and a test patient made of two of them.

The test patient has what every rule of differential Query/Retrieve must tell apart: studies inside and outside
the published period, a modality that no example publishes, several series and several instances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pydicom
from pydicom.uid import UID, generate_uid

_NAMES = ("CT_small.dcm", "MR_small.dcm", "SC_rgb_small_odd.dcm", "rtplan.dcm", "rtdose.dcm")
"""Small, valid, each with patient, study, series and instance."""
LONG_AGO = date(2001, 4, 1)


@dataclass(frozen=True, slots=True)
class Study:
    """One study of a test patient: ``series`` holds the number of instances of each of its series."""

    name: str
    template: str
    modality: str
    day: date
    series: tuple[int, ...]


def studies_of_test_patient(today: date) -> tuple[Study, ...]:
    """Return a test patient's studies; recent ones are of the first of the month, so that a twin stays the same."""
    recent = today.replace(day=1)
    return (
        Study("ct", "CT_small.dcm", "CT", recent, (3, 3)),
        Study("mr", "MR_small.dcm", "MR", recent, (2,)),
        Study("old", "CT_small.dcm", "CT", LONG_AGO, (1,)),
        Study("unpublished", "CT_small.dcm", "OT", recent, (1,)),
    )


def dicom_files(test_patient: str | None, today: date) -> tuple[tuple[str, bytes], ...]:
    """Return (file name, content) of each file; nothing is downloaded.

    Raises:
        FileNotFoundError: the package has no such file (another pydicom).
    """
    plain = tuple((name, _checked(_folder() / name)) for name in _NAMES)
    return plain if test_patient is None else (*plain, *_of_patient(test_patient, today))


def _of_patient(patient_id: str, today: date) -> Iterator[tuple[str, bytes]]:
    for study in studies_of_test_patient(today):
        for series, count in enumerate(study.series, start=1):
            for number in range(1, count + 1):
                yield f"{study.name}_{series}_{number}.dcm", _instance(patient_id, study, series, number)


def _instance(patient_id: str, study: Study, series: int, number: int) -> bytes:
    """Return one instance; the same UIDs for the same patient and place, whenever it is made."""
    dataset = pydicom.dcmread(_folder() / study.template)
    places = [patient_id, study.name, study.day.isoformat(), str(series), str(number)]
    dataset.PatientID, dataset.PatientName, dataset.IssuerOfPatientID = patient_id, "TEST^PATIENT", ""
    dataset.StudyDate = dataset.SeriesDate = study.day.strftime("%Y%m%d")
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber = study.modality, series, number
    dataset.StudyID, dataset.AccessionNumber = study.name.upper(), ""
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=places[:3])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=places[:4])
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=places)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    content = BytesIO()
    dataset.save_as(content, enforce_file_format=True)
    return content.getvalue()


def _folder() -> Path:
    return Path(pydicom.__file__).parent / "data" / "test_files"


def _checked(path: Path) -> bytes:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        if not dataset.get(keyword):
            raise ValueError(f"{path.name}: no {keyword}")
    if not UID(dataset.StudyInstanceUID).is_valid:
        raise ValueError(f"{path.name}: StudyInstanceUID is not a UID")
    return path.read_bytes()
