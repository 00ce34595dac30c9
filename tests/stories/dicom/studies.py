"""CT-like DICOM files of made-up patients, built as a scanner writes them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

ROOT = "1.2.826.0.1.3680043.10.1410"


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """One CT image; its UIDs follow from its numbers."""

    patient_id: str
    study: int
    series: int
    number: int
    version: int = 1
    date: str = "20261101"

    @property
    def study_uid(self) -> str:
        return f"{ROOT}.{int(self.patient_id, 36) % 10**9}.{self.study}"

    @property
    def series_uid(self) -> str:
        return f"{self.study_uid}.{self.series}"

    @property
    def instance_uid(self) -> str:
        return f"{self.series_uid}.{self.number}.{self.version}"


def slices(patient_id: str, studies: int, series: int, images: int, *, date: str = "20261101") -> Iterator[Slice]:
    for study in range(1, studies + 1):
        for one in range(1, series + 1):
            for number in range(1, images + 1):
                yield Slice(patient_id, study, one, number, date=date)


@cache
def _pixels(side: int) -> bytes:
    return random.Random(side).randbytes(side * side * 2)  # noqa: S311 - noise, as in an image


def dataset(one: Slice, *, side: int = 64, **changes: object) -> Dataset:
    """Return the image as a dataset with file meta information; ``side`` pixels a side, two bytes each."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = CTImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = UID(one.instance_uid)
    made.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    made.SOPClassUID, made.SOPInstanceUID = CTImageStorage, one.instance_uid
    made.StudyInstanceUID, made.SeriesInstanceUID = one.study_uid, one.series_uid
    made.PatientID, made.PatientName = one.patient_id, "Yamada^Tarou=山田^太郎=やまだ^たろう"
    made.PatientBirthDate, made.PatientSex = "19600101", "M"
    made.StudyDate, made.StudyTime, made.StudyID = one.date, "101500", str(one.study)
    made.AccessionNumber, made.ReferringPhysicianName = f"A{one.study}", ""
    made.Modality, made.SeriesNumber, made.InstanceNumber = "CT", one.series, one.number
    made.Rows = made.Columns = side
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, 16, 15, 1
    made.PixelSpacing, made.SliceLocation = [0.7, 0.7], float(one.number)
    made.RescaleIntercept, made.RescaleSlope = -1024, 1
    for keyword, value in changes.items():
        setattr(made, keyword, value)
    made.PixelData = _pixels(side)
    return made


def write(folder: Path, ones: Iterable[Slice], *, side: int = 64) -> None:
    """Write each image into the folder under its SOP Instance UID."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in ones:
        made = dataset(one, side=side)
        made.save_as(folder / f"{made.SOPInstanceUID}.dcm", enforce_file_format=True)
