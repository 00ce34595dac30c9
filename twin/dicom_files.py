"""Real DICOM files for the PACS, from the test files that come with the pydicom package."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.uid import UID

_NAMES = ("CT_small.dcm", "MR_small.dcm", "SC_rgb_small_odd.dcm", "rtplan.dcm", "rtdose.dcm")
"""Small, valid, each with patient, study, series and instance."""


def dicom_files() -> tuple[tuple[str, bytes], ...]:
    """Return (file name, content) of each file, as pydicom installed it; nothing is downloaded.

    Raises:
        FileNotFoundError: the package has no such file (another pydicom).
    """
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    return tuple((name, _checked(folder / name)) for name in _NAMES)


def patient_ids() -> tuple[str, ...]:
    """Return the patient identifiers the PACS knows, for C-FIND."""
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    found = {str(pydicom.dcmread(folder / name, stop_before_pixels=True).PatientID) for name in _NAMES}
    return tuple(sorted(found))


def _checked(path: Path) -> bytes:
    dataset = pydicom.dcmread(path, stop_before_pixels=True)
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        if not dataset.get(keyword):
            raise ValueError(f"{path.name}: no {keyword}")
    if not UID(dataset.StudyInstanceUID).is_valid:
        raise ValueError(f"{path.name}: StudyInstanceUID is not a UID")
    return path.read_bytes()
