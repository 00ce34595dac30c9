"""The file of the staff: missing, elsewhere, or another one."""

from __future__ import annotations

from tests.refusals.case import Case

NO_SHA256 = "0" * 64

CASES = (
    Case(
        "staff file missing",
        edit={"staff_file": {"path": "staff.csv", "sha256": NO_SHA256}},
        expected=(
            (
                "GW142",
                "staff_file.path",
                "staff.csv",
                "Put the file itself, not a link, into pattern4/.",
            ),
        ),
    ),
    Case(
        "staff file outside the folder",
        edit={"staff_file": {"path": "../data_centre.yml", "sha256": NO_SHA256}},
        expected=(
            (
                "GW110",
                "staff_file.path",
                "../data_centre.yml",
                "Write a path below the site's folder, such as files/staff.csv.",
            ),
        ),
    ),
    Case(
        "staff file with another sha256",
        edit={"staff_file": {"path": "site.txt", "sha256": NO_SHA256}},
        expected=(
            (
                "GW142",
                "staff_file.sha256",
                NO_SHA256,
                (
                    "The file's sha256 is "
                    "170a81d7ff46c5d2930e8a928867388f61be8c516a0f6091d46cc03e62cc1da6: fetch the "
                    "right file, or write this one's."
                ),
            ),
        ),
    ),
    Case(
        "staff file with half a sha256",
        edit={"staff_file": {"path": "site.txt", "sha256": "abc"}},
        expected=(
            (
                "GW110",
                "staff_file.sha256",
                "abc",
                "Write the 64 small hexadecimal digits that sha256sum prints.",
            ),
        ),
    ),
)
