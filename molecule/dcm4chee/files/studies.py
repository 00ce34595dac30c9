"""The studies of the scenario, from the files that come with pydicom: FOLDER. Writes studies.tar and studies.json.

studies.json: study -> SOP instance -> whether its pixels came compressed. Left out is what dcm4chee's delivered
configuration takes from nobody (big endian, deflated, compressed dose grids: its transfer capabilities, 5.34.3), what
says two things of itself, and what is not as DICOM says.
"""

from __future__ import annotations

import json
import sys
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pydicom
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, RTDoseStorage

DATA = Path(pydicom.__file__).parent / "data"
UIDS = ("SOPClassUID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")


def found() -> Iterator[tuple[Path, pydicom.FileDataset]]:
    """Yield every DICOM file that is an instance of a study."""
    for path in sorted(DATA.rglob("*")):
        if not path.is_file():
            continue
        try:
            read = pydicom.dcmread(path, stop_before_pixels=True)
        except (InvalidDicomError, UserWarning):  # no DICOM, or not as DICOM says
            continue
        if all(UID(read.get(name) or "").is_valid for name in UIDS):
            yield path, read


def storable(read: pydicom.FileDataset) -> bool:
    syntax = read.file_meta.get("TransferSyntaxUID")
    if syntax is None or syntax in (ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian):
        return False
    if read.SOPClassUID == RTDoseStorage and syntax.is_compressed:
        return False
    return bool(read.file_meta.get("MediaStorageSOPInstanceUID") == read.SOPInstanceUID)


def main() -> None:
    root = Path(sys.argv[1])
    studies: dict[str, dict[str, bool]] = {}
    known: set[str] = set()
    with tarfile.open(root / "studies.tar", "w") as archive:
        for path, read in found():
            if storable(read) and read.SOPInstanceUID not in known:
                known.add(read.SOPInstanceUID)
                compressed = bool(read.file_meta.TransferSyntaxUID.is_compressed)
                studies.setdefault(read.StudyInstanceUID, {})[read.SOPInstanceUID] = compressed
                archive.add(path, arcname=f"studies/{len(known):03}-{path.name}")
    (root / "studies.json").write_text(json.dumps(studies, indent=1))
    print(f"{len(known)} instances of {len(studies)} studies")


if __name__ == "__main__":
    warnings.simplefilter("error")  # some of the files are there to be warned of, and no peer reads them
    main()
