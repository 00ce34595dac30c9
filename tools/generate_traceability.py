"""Write docs/traceability.md: requirement -> where it is built -> the tests named after it.

python tools/generate_traceability.py          write
python tools/generate_traceability.py --check  write nothing; exit 1 when the page is stale

A test proves a requirement when its name starts with the id: ``test_nw_6_...`` proves NW-6. Where a test
lies under ``tests/<kind>/gatekit/<package>`` or ``molecule/<role>`` tells what it tests.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the tool runs from a checkout that is not installed

from gatekit.catalogue.requirement_texts import requirement_texts  # noqa: E402 - after the path

PAGE = ROOT / "docs" / "traceability.md"
NAMED = re.compile(r"def (test_([a-z]+)_(\d+)_\w+)\(")
FOLDERS = ("tests", "molecule", "roles")
HEAD = """# Traceability
Do not edit: `python tools/generate_traceability.py` writes this page from the names of the tests.
Texts: gatekit/catalogue/requirement_texts.yml. A requirement without a test is not proved yet.
"""


def named_tests(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (requirement id, path of the file, name of the test) of every test named after a requirement."""
    prefixes = {requirement.partition("-")[0].lower() for requirement in requirement_texts()}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("test_*.py")):
            for name, letters, number in NAMED.findall(path.read_text(encoding="utf-8")):
                if letters in prefixes:  # test_pattern_4_... is named after no requirement
                    yield f"{letters.upper()}-{number}", path.relative_to(root).as_posix(), name


def subject(path: str) -> str:
    """Return what a test file is about: a role, a package of gatekit, a story or the site's verification."""
    parts = path.split("/")
    if parts[0] in ("molecule", "roles"):
        return f"roles/{parts[1]}"
    if parts[:2] == ["tests", "unit"]:
        return "/".join(parts[2:-1]) or "tests/unit"
    return "gatekit/verify" if parts[:2] == ["tests", "site"] else "/".join(parts[:-1])


def page(root: Path) -> str:
    """Return the page."""
    tests: dict[str, list[tuple[str, str]]] = {}
    for requirement, path, name in named_tests(root):
        tests.setdefault(requirement, []).append((path, name))
    unknown = set(tests) - set(requirement_texts())
    if unknown:
        raise SystemExit(f"tests are named after requirements that do not exist: {', '.join(sorted(unknown))}")
    lines = [HEAD, "| id | requirement | 要件 | in | tests |", "|---|---|---|---|---|"]
    for requirement, text in requirement_texts().items():
        found = tests.get(requirement, [])
        places = "<br>".join(dict.fromkeys(subject(path) for path, _ in found))
        names = "<br>".join(f"{path}::{name}" for path, name in found) or "-"
        lines.append(f"| {requirement} | {text.en} | {text.ja} | {places or '-'} | {names} |")
    proved = len(tests)
    return "\n".join([*lines, "", f"{proved} of {len(requirement_texts())} requirements have a test.", ""])


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the page is fresh")
    asked = parser.parse_args()
    wanted = page(ROOT)
    if asked.check:
        fresh = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted
        print("fresh" if fresh else f"{PAGE.relative_to(ROOT)} is stale: run python tools/generate_traceability.py")
        return 0 if fresh else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
