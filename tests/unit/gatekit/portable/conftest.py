"""Programs of the node, faked on PATH: each writes down how it was called and answers from files."""

from __future__ import annotations

import getpass
import grp
import os
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class FakePrograms:
    """A folder first on PATH."""

    folder: Path

    def add(self, name: str, script: str) -> None:
        program = self.folder / name
        note = f'printf "%s\\n" "{name} $*" >> {self.folder}/calls'
        program.write_text(f"#!/bin/sh\n{note}\n{script}\n")
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        record = self.folder / "calls"
        return record.read_text().splitlines() if record.exists() else []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return FakePrograms(folder)


@pytest.fixture
def me() -> dict[str, str]:
    return {"owner": getpass.getuser(), "group": grp.getgrgid(os.getgid()).gr_name}
