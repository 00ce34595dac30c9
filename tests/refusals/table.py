"""Every bad inventory and exactly what is said about it: the cases of each file in ``cases``, a file a subject."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.refusals.case import Case

SUBJECTS = sorted(path.stem for path in (Path(__file__).parent / "cases").glob("*.py"))
TABLE: tuple[Case, ...] = tuple(
    case for subject in SUBJECTS for case in import_module(f"tests.refusals.cases.{subject}").CASES
)
