"""Every role, found by itself: signature, defaults, README, names, first task."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ROLES = sorted(path.parents[1] for path in (ROOT / "roles").glob("*/tasks/main.yml"))
SECRET = re.compile(r"pass(word|phrase)|secret|psk|token|private_key", re.IGNORECASE)
each_role = pytest.mark.parametrize("role", ROLES, ids=lambda path: path.name)


def document(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else None


def options(role: Path) -> dict[str, Any]:
    found: dict[str, Any] = document(role / "meta/argument_specs.yml")["argument_specs"]["main"].get("options", {})
    return found


def tasks(role: Path) -> list[dict[str, Any]]:
    """Return every task and handler of a role, those of blocks as well."""
    rows: list[dict[str, Any]] = []
    waiting = [
        row
        for folder in ("tasks", "handlers")
        for path in sorted((role / folder).glob("*.yml"))
        for row in document(path) or []
    ]
    while waiting:
        row = waiting.pop(0)
        rows.append(row)
        waiting += [inner for part in ("block", "rescue", "always") for inner in row.get(part, [])]
    return rows


def test_there_are_roles_to_judge() -> None:
    assert {"linux_base", "squid"} <= {role.name for role in ROLES}


@each_role
def test_role_has_a_signature_and_its_variables_carry_its_name(role: Path) -> None:
    assert document(role / "meta/argument_specs.yml")["argument_specs"]["main"]["short_description"]
    assert all(name.startswith(f"{role.name}_") for name in options(role))
    private = (document(role / "vars/main.yml") or {}).keys()
    assert all(name.startswith(f"__{role.name}_") for name in private)


@each_role
def test_defaults_equal_those_of_the_signature(role: Path) -> None:
    wanted = {name: row["default"] for name, row in options(role).items() if "default" in row}
    assert (document(role / "defaults/main.yml") or {}) == wanted
    assert all("default" in row or row.get("required") is True for row in options(role).values())


@each_role
def test_secrets_are_text_or_a_mapping_without_choices_and_not_logged(role: Path) -> None:
    for name, row in options(role).items():
        if SECRET.search(name):
            kind = "dict" if name.endswith("_secrets") else "str"
            assert (row.get("no_log"), row["type"], row.get("choices")) == (True, kind, None), name


@each_role
def test_first_task_refuses_misspelt_variables(role: Path) -> None:
    first = document(role / "tasks/main.yml")[0]
    assert first["ansible.builtin.import_tasks"] == "../../shared/tasks/refuse_misspelt_variables.yml"


@each_role
def test_registered_and_set_variables_are_private(role: Path) -> None:
    for row in tasks(role):
        names = [row["register"]] if "register" in row else []
        names += [name for name in row.get("ansible.builtin.set_fact", {}) if name != "cacheable"]
        assert all(name.startswith(f"__{role.name}_") for name in names), row["name"]


@each_role
def test_tasks_are_named_subject_and_verb_once_each(role: Path) -> None:
    names = [row["name"] for row in tasks(role)]
    assert all(re.fullmatch(r"[A-Z][^|{]* \| [A-Z][^{]*", name) for name in names)
    assert len(names) == len(set(names))


@each_role
def test_no_task_hides_a_failure(role: Path) -> None:
    for row in tasks(role):
        assert "ignore_errors" not in row
        assert row.get("failed_when") is not False
        shell = " ".join(str(row.get(f"ansible.builtin.{name}", "")) for name in ("shell", "command", "raw"))
        assert "|| true" not in shell


@each_role
def test_templates_do_not_turn_a_wrong_name_into_silence(role: Path) -> None:
    for path in role.rglob("*.j2"):
        assert re.findall(r"\bdefault\(|\bis (?:not )?defined\b", path.read_text(encoding="utf-8")) == []


@each_role
def test_role_has_a_scenario_or_a_story(role: Path) -> None:
    """A role for a device without Python has no guest of its own: its story drives the simulator."""
    config = document(ROOT / "molecule" / role.name / "molecule.yml")
    if config is None:
        story = ROOT / "tests/stories" / role.name.split("_")[0]
        assert list(story.glob("test_*.py"))
        return
    wanted = ["syntax", "create", "prepare", "check", "converge", "idempotence", "verify"]
    first, *sequence, last = config["scenario"]["test_sequence"]
    assert (first, last) == ("destroy", "destroy"), (
        "an interrupted run leaves guests, and a state that says they are new"
    )
    assert [step for step in sequence if step in wanted][: len(wanted)] == wanted
    assert list((ROOT / "molecule" / role.name / "tests").glob("test_*.py"))


def test_readmes_are_fresh() -> None:
    path = ROOT / "tools/generate_role_readmes.py"
    spec = importlib.util.spec_from_file_location("generate_role_readmes", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.stale() == []
