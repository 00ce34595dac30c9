"""Two collections out of one pinned wheel, whole or not at all."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "requirements" / "collections.txt"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("windows_collections", ROOT / "tools/windows_collections.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return path


def test_the_lock_pins_one_wheel_by_its_hash(tool: ModuleType) -> None:
    version = tool.pinned(LOCK.read_text(encoding="utf-8"))
    assert version.startswith("ansible==14.")
    with pytest.raises(ValueError, match="exactly one"):
        tool.pinned("ansible==14.5.0\n")
    with pytest.raises(ValueError, match="exactly one"):
        tool.pinned(LOCK.read_text(encoding="utf-8") * 2)


def test_the_two_are_taken_the_others_are_left_and_an_old_file_goes(tool: ModuleType, tmp_path: Path) -> None:
    old = tmp_path / "ansible_collections/ansible/windows/old.py"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    names = [f"{part}/MANIFEST.json" for part in tool.COLLECTIONS]
    made = wheel(tmp_path / "a.whl", *names, "ansible_collections/ansible/posix/MANIFEST.json")
    assert tool.unpack(made, tmp_path) == 2
    found = sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.glob("ansible_collections/**/*") if path.is_file()
    )
    assert found == sorted(names)


def test_a_wheel_without_one_of_them_changes_nothing(tool: ModuleType, tmp_path: Path) -> None:
    made = wheel(tmp_path / "a.whl", f"{tool.COLLECTIONS[0]}/MANIFEST.json")
    with pytest.raises(ValueError, match="no ansible_collections"):
        tool.unpack(made, tmp_path)
    assert not (tmp_path / "ansible_collections").exists()
