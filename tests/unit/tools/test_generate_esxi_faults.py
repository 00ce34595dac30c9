from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.esxi.fault_table import MEANINGS
from tools.generate_esxi_faults import main, page


def test_every_fault_stands_once_under_its_code() -> None:
    text = page()
    for name, meaning in MEANINGS.items():
        assert text.count(f"| `{name.rpartition('.')[2]}` |") == 1
        section = text[text.index(f"## {meaning.code} ") :].split("\n## ")[0]
        assert f"| `{name.rpartition('.')[2]}` | {meaning.cause} | {meaning.fix} |" in section


def test_a_stale_page_is_named_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "esxi_faults.md"
    assert main(["--check"], target) == 1
    assert "esxi_faults.md is stale" in capsys.readouterr().err
    assert main([], target) == 0
    assert main(["--check"], target) == 0
    target.write_text("old")
    assert main(["--check"], target) == 1
    assert target.read_text() == "old"
