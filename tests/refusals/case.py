"""One bad site: an example inventory, what is changed in it, and exactly what must be said about it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

INVENTORIES = Path(__file__).parents[2] / "inventories"
REMOVED = object()

type Facts = tuple[str, str, object, str]


def at(text: str, below: int = 0) -> str:
    """Return the place of the one line of pattern 4's site file that has ``text``, or so many lines below it."""
    found = [number for number, line in enumerate(_example_lines(), start=1) if text in line]
    assert len(found) == 1, f"{text!r} stands on the lines {found}"
    return f"site.yml:{found[0] + below}"


def at_the_end() -> str:
    """Return the place of the first line behind pattern 4's site file."""
    return f"site.yml:{len(_example_lines()) + 1}"


def _example_lines() -> list[str]:
    return (INVENTORIES / "pattern4" / "site.yml").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True, slots=True)
class Case:
    """A bad inventory.

    ``edit`` sets values by path (REMOVED deletes), ``swap`` replaces text that stands once in the
    file, ``after`` is appended to it and ``raw`` is the whole file.
    """

    id: str
    expected: tuple[Facts, ...]
    pattern: Literal[1, 2, 3, 4] = 4
    file: Literal["site.yml", "data_centre.yml"] = "site.yml"
    edit: Mapping[str, object] = field(default_factory=dict)
    swap: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    raw: bytes | None = None

    def lay(self, root: Path) -> Path:
        """Write the bad inventory below ``root`` and return the site's folder."""
        folder = example(self.pattern, root)
        target = folder / "site.yml" if self.file == "site.yml" else root / "data_centre.yml"
        target.write_bytes(self.raw if self.raw is not None else self._text(target).encode())
        return folder

    def _text(self, target: Path) -> str:
        text = target.read_text(encoding="utf-8")
        for old, new in self.swap.items():
            assert text.count(old) == 1, f"{self.id}: {old!r} stands {text.count(old)} times in the example"
            text = text.replace(old, new)
        if self.edit:
            tree = yaml.safe_load(text)
            for path, value in self.edit.items():
                set_at(tree, path, value)
            text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
        return text + self.after


def example(pattern: int, root: Path) -> Path:
    """Copy an example site and the data centre's file below ``root``; return the site's folder."""
    folder = root / f"pattern{pattern}"
    folder.mkdir()
    shutil.copyfile(INVENTORIES / folder.name / "site.yml", folder / "site.yml")
    shutil.copyfile(INVENTORIES / "data_centre.yml", root / "data_centre.yml")
    return folder


def parts(path: str) -> list[str | int]:
    """Return the steps of ``networks[1].name``."""
    return [int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path)]


def set_at(tree: Any, path: str, value: object) -> None:
    """Set, append to (index one past the end) or remove what stands at ``path``."""
    *way, last = parts(path)
    for part in way:
        tree = tree[part]
    if value is REMOVED:
        del tree[last]
    elif isinstance(tree, list) and last == len(tree):
        tree.append(value)
    else:
        tree[last] = value
