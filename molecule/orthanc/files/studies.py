"""Real DICOM files for the scenario, from those that come with pydicom: FOLDER. A CT, an MR, one with a kanji name."""

from __future__ import annotations

import sys
from pathlib import Path

import pydicom

TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("CT_small.dcm", "MR_small.dcm"):
        (folder / name).write_bytes((TEST_FILES / name).read_bytes())
    kanji = pydicom.dcmread(TEST_FILES / "CT_small.dcm")
    kanji.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    kanji.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    kanji.PatientID = "J-0012345"
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(kanji, keyword, getattr(kanji, keyword) + ".77")
    kanji.file_meta.MediaStorageSOPInstanceUID = kanji.SOPInstanceUID
    kanji.save_as(folder / "kanji.dcm")


if __name__ == "__main__":
    main()
