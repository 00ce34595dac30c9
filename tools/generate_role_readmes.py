"""Write the variable table of every role's README from its argument_specs, or say which is stale.

python tools/generate_role_readmes.py          write
python tools/generate_role_readmes.py --check  write nothing; exit 1 when one is stale

What a person writes stands above the marker and is kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MARKER = "<!-- Generated below by tools/generate_role_readmes.py from meta/argument_specs.yml; do not edit. -->"


def roles(root: Path = ROOT) -> list[Path]:
    """Return the folders of the roles; roles/shared holds task files, it is no role."""
    return sorted(path.parents[1] for path in (root / "roles").glob("*/meta/argument_specs.yml"))


def specification(role: Path) -> dict[str, Any]:
    """Return the main entry point of a role's argument specification."""
    document = yaml.safe_load((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = document["argument_specs"]["main"]
    return found


def readme(role: Path) -> str:
    """Return the README as it has to be: the hand-written part, then the generated one."""
    path = role / "README.md"
    written = path.read_text(encoding="utf-8").split(MARKER)[0] if path.exists() else f"# {role.name}\n\n"
    return f"{written}{MARKER}\n\n{_generated(specification(role))}"


def _generated(spec: dict[str, Any]) -> str:
    lines = [spec["short_description"], ""]
    about = spec.get("description", [])
    for paragraph in [about] if isinstance(about, str) else about:
        lines += [paragraph, ""]
    lines += ["| variable | type | default | meaning |", "|---|---|---|---|"]
    lines += [_row(name, option) for name, option in spec.get("options", {}).items()]
    return "\n".join(lines) + "\n"


def _row(name: str, option: dict[str, Any]) -> str:
    kind = option.get("type", "str")
    kind = f"{kind} of {option['elements']}" if "elements" in option else kind
    default = "required" if option.get("required") else f"`{json.dumps(option.get('default'), ensure_ascii=False)}`"
    meaning = option["description"]
    text = " ".join([meaning] if isinstance(meaning, str) else meaning)
    if "choices" in option:
        text += " One of " + ", ".join(f"`{choice}`" for choice in option["choices"]) + "."
    return f"| `{name}` | {kind} | {default} | {text.replace('|', '/')} |"


def stale() -> list[Path]:
    """Return the READMEs that differ from what their specification says."""
    paths = [(role / "README.md", readme(role)) for role in roles()]
    return [path for path, text in paths if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> int:
    """Write or judge; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    old = stale()
    if parser.parse_args().check:
        for path in old:
            print(f"{path.relative_to(ROOT)} is stale: run python tools/generate_role_readmes.py")
        return 1 if old else 0
    for path in old:
        path.write_text(readme(path.parent), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
