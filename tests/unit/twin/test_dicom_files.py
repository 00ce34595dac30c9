"""The PACS's files: real ones, and a test patient that every rule of Query/Retrieve can be tried on."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pydicom
import pytest

from gatekit.dicom.model import Published
from twin.dicom_files import dicom_files, studies_of_test_patient

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def made() -> list[pydicom.Dataset]:
    plain = {name for name, _ in dicom_files(None, TODAY)}
    files = [(name, content) for name, content in dicom_files("TEST0001", TODAY) if name not in plain]
    return [pydicom.dcmread(BytesIO(content)) for _, content in files]


def test_every_instance_is_a_whole_file_of_the_test_patient(made: list[pydicom.Dataset]) -> None:
    assert {str(dataset.PatientID) for dataset in made} == {"TEST0001"}
    assert len({dataset.SOPInstanceUID for dataset in made}) == len(made) == 10
    assert all(len(dataset.PixelData) > 0 for dataset in made)


def test_uids_follow_the_studies_and_series(made: list[pydicom.Dataset]) -> None:
    series = {(dataset.StudyInstanceUID, dataset.SeriesInstanceUID) for dataset in made}
    assert len({study for study, _ in series}) == len(studies_of_test_patient(TODAY))
    assert len(series) == sum(len(study.series) for study in studies_of_test_patient(TODAY))


def test_the_same_month_gives_the_same_bytes() -> None:
    assert dicom_files("TEST0001", TODAY) == dicom_files("TEST0001", date(2026, 11, 1))
    assert dicom_files("TEST0001", TODAY) != dicom_files("TEST0001", date(2026, 12, 1))


def test_op_1_two_studies_are_published_one_is_too_old_and_one_of_another_modality(
    made: list[pydicom.Dataset],
) -> None:
    rule = Published(36, ("CT", "MR"))
    first_day = rule.cutoff(TODAY).strftime("%Y%m%d")
    published = {d.StudyInstanceUID for d in made if d.StudyDate >= first_day and d.Modality in rule.modalities}
    assert len(published) == 2
    assert len({d.StudyInstanceUID for d in made}) - len(published) == 2
