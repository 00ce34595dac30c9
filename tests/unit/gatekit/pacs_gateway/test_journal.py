from __future__ import annotations

import logging
import sys

from gatekit.pacs_gateway.journal import JournalFormatter


def line(level: int, *, patient: str = "") -> str:
    error = None
    if patient:
        try:
            raise ValueError(f"Key (patient_id)=({patient}) already exists.")
        except ValueError:
            error = sys.exc_info()
    record = logging.LogRecord("gatekit.part", level, __file__, 1, "request %s: a fault", ("7",), error)
    return JournalFormatter("%(name)s: %(message)s").format(record)


def test_line_carries_its_level_for_the_journal() -> None:
    assert line(logging.WARNING) == "<4>gatekit.part: request 7: a fault"


def test_exception_of_a_library_is_told_by_type_and_place_and_not_by_its_text() -> None:
    told = line(logging.ERROR, patient="00770077123").splitlines()
    assert told[:2] == ["<3>gatekit.part: request 7: a fault", "<3>ValueError at"]
    assert told[2].startswith(f"<3>{__file__}:")
    assert "00770077123" not in "".join(told)
