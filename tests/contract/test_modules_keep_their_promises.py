"""Every module in library/, found by itself: documentation equals specification, check mode, secrets."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring

from gatekit.codes import CODES
from tests.contract.module_runs import LIBRARY, ROOT, load

SECRET = re.compile(r"pass(word|phrase)|secret|psk|token|private_key", re.IGNORECASE)
each_module = pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)


def documentation(path: Path) -> dict[str, Any]:
    """Return what ansible-doc shows of a module, with the fragments of ansible.cfg's folder filled in."""
    document, *_ = get_docstring(str(path), fragment_loader)
    assert isinstance(document, dict), path
    return document


def documented(options: dict[str, Any]) -> dict[str, Any]:
    """Return documented options in the form of an argument spec, defaults filled in."""
    return {name: _normal(row, documented(row.get("options") or {})) for name, row in options.items()}


def specified(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: _normal(row, specified(row.get("options") or {})) for name, row in arguments.items()}


def _normal(row: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    keys = {"type": "str", "required": False, "default": None, "choices": None, "elements": None}
    return {key: row.get(key, usual) for key, usual in keys.items()} | {"options": options}


def flat(arguments: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    rows = []
    for name, row in arguments.items():
        rows += [(prefix + name, row), *flat(row.get("options") or {}, f"{prefix}{name}.")]
    return rows


def test_there_are_modules_to_judge() -> None:
    assert {"file_set", "unit_set", "package_set", "packet_filter", "account_set"} <= {path.stem for path in LIBRARY}


@each_module
def test_documentation_equals_the_specification(path: Path) -> None:
    module = load(path)
    document = documentation(path)
    assert document["module"] == path.stem
    assert documented(document["options"]) == specified(module.ARGUMENTS)


@each_module
def test_module_is_documented_and_its_examples_call_it(path: Path) -> None:
    module, document = load(path), documentation(path)
    assert document["short_description"]
    assert {"check_mode", "diff_mode"} <= set(document["attributes"])
    tasks = yaml.safe_load(module.EXAMPLES)
    assert all(path.stem in task and "name" in task for task in tasks)
    for task in tasks:
        assert set(task[path.stem]) <= set(module.ARGUMENTS)
    assert isinstance(yaml.safe_load(module.RETURN), dict)


def _calls(path: Path, name: str) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


@each_module
def test_module_supports_check_mode_and_looks_at_it(path: Path) -> None:
    (call,) = _calls(path, "AnsibleModule")
    assert any(key.arg == "supports_check_mode" and getattr(key.value, "value", False) is True for key in call.keywords)
    assert ".check_mode" in path.read_text(encoding="utf-8")


@each_module
def test_parameters_that_look_like_secrets_are_not_logged(path: Path) -> None:
    for name, row in flat(load(path).ARGUMENTS):
        if SECRET.search(name.rsplit(".", 1)[-1]):
            assert row.get("no_log") is True, name
            assert row["type"] in ("str", "dict"), f"{name}: a wrong type would be printed with its value"


@each_module
def test_module_holds_no_branch_beyond_parse_act_report(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("def main()")[1].splitlines()
    assert len(lines) <= 40


@each_module
def test_module_for_nodes_imports_what_ansible_ships_and_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    roots = set(re.findall(r"^\s*(?:from|import) ([\w.]+)", text, re.MULTILINE))
    ours = ("ansible.module_utils.", "gatekit.")
    assert all(root.startswith(ours) or root.split(".")[0] in sys.stdlib_module_names for root in roots), roots


@pytest.mark.parametrize("path", sorted((ROOT / "gatekit/portable").glob("*.py")), ids=lambda path: path.name)
def test_portable_code_needs_the_standard_library_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(name.name.split(".")[0] in sys.stdlib_module_names for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert (node.module or "").split(".")[0] in sys.stdlib_module_names


def test_codes_of_the_node_stand_in_the_one_table() -> None:
    used = set()
    for path in (ROOT / "gatekit/portable").glob("*.py"):
        used |= set(re.findall(r'"(GW\d{3})"', path.read_text(encoding="utf-8")))
    assert used - set(CODES) == set()
    assert used
