"""The role's tasks against the documentation of the modules they call, and against what its scripts take."""

from __future__ import annotations

import importlib.resources
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatekit.render.windows import baseline
from tests.sites import example_plan

ROLE = Path(__file__).resolve().parents[3] / "roles" / "windows_maintenance"
TASKS = [
    task for path in sorted((ROLE / "tasks").glob("*.yml")) for task in yaml.safe_load(path.read_text(encoding="utf-8"))
]
CALLS = [(task["name"], key, task[key] or {}) for task in TASKS for key in task if ".windows.win_" in key]
SCRIPTS = [(name, given) for name, module, given in CALLS if module == "ansible.windows.win_powershell"]


def documented(module: str) -> dict[str, Any]:
    """Return a module's documented options; win_reboot and others have theirs beside the PowerShell file."""
    namespace, collection, name = module.split(".")
    folder = importlib.resources.files(f"ansible_collections.{namespace}.{collection}").joinpath("plugins", "modules")
    text = folder.joinpath(f"{name}.py").read_text(encoding="utf-8")
    match = re.search(r"DOCUMENTATION = r?(?:'''|\"\"\")(.*?)(?:'''|\"\"\")", text, re.DOTALL)
    assert match is not None, module
    options: dict[str, Any] = yaml.safe_load(match.group(1))["options"]
    return options


@pytest.mark.parametrize(("name", "module", "given"), CALLS, ids=[name for name, _, _ in CALLS])
def test_every_option_is_one_the_module_documents(name: str, module: str, given: dict[str, Any]) -> None:
    options = documented(module)
    known = set(options) | {alias for row in options.values() for alias in row.get("aliases", ())}
    assert set(given) <= known
    assert {option for option, row in options.items() if row.get("required")} <= set(given)
    for option, value in given.items():
        choices = options.get(option, {}).get("choices")
        assert not choices or not isinstance(value, str) or "{{" in value or value in choices, (name, option)


@pytest.mark.parametrize(("name", "given"), SCRIPTS, ids=[name for name, _ in SCRIPTS])
def test_a_script_is_given_exactly_the_parameters_it_declares(name: str, given: dict[str, Any]) -> None:
    text = (ROLE / "files" / given["path"]).read_text(encoding="utf-8")
    (declared,) = re.findall(r"^param\((.*)\)$", text, re.MULTILINE)
    kinds = {word: kind for kind, word in re.findall(r"\[([^$,]*)\]\$(\w+)", declared)}
    secret = {row["name"] for row in given.get("sensitive_parameters", ())}
    assert set(given.get("parameters", {})) | secret == set(kinds), name
    assert {word for word, kind in kinds.items() if kind == "SecureString"} == secret
    assert given["error_action"] == "stop"


def test_a_table_is_handed_to_the_script_that_reads_its_keys() -> None:
    plan = example_plan()
    tables = baseline(plan.windows, plan.vm("vm3"))
    scripts = {
        "registry": "registry.ps1",
        "policy": "security_policy.ps1",
        "audit": "audit_policy.ps1",
        "rules": "firewall.ps1",
    }
    for table, script in scripts.items():
        text = (ROLE / "files" / script).read_text(encoding="utf-8")
        asked = set(re.findall(r"\$(?:row|Row)\.(\w+)", text))
        assert asked <= set(tables[table][0]), script
        handed = next(given for _, given in SCRIPTS if given["path"] == script)
        assert f"__windows_maintenance_tables.{table} }}}}" in handed["parameters"]["Wanted"]


def test_what_carries_a_password_is_not_logged() -> None:
    for task in TASKS:
        if "password" in str(task.get("ansible.windows.win_user", "")):
            assert task["no_log"] is True, task["name"]
    for _, given in SCRIPTS:
        assert "password" not in str(given.get("parameters", "")).lower()


def test_the_connection_verifies_and_never_uses_basic() -> None:
    text = (ROLE.parents[1] / "playbooks" / "windows.yml").read_text(encoding="utf-8")
    plays = yaml.safe_load(text)
    connection = plays[1]["vars"]
    assert connection["ansible_psrp_cert_validation"] == "validate"
    assert (connection["ansible_psrp_protocol"], connection["ansible_psrp_auth"]) == ("https", "ntlm")
    assert connection["ansible_psrp_read_timeout"] > connection["ansible_psrp_operation_timeout"]


def test_nothing_is_tried_without_windows_and_no_media_go_before_the_role_has_ended_well() -> None:
    text = (ROLE.parents[1] / "playbooks" / "windows.yml").read_text(encoding="utf-8")
    _, maintained, freed = yaml.safe_load(text)
    first, last = maintained["pre_tasks"][0], maintained["post_tasks"][-1]
    assert (first["ansible.builtin.meta"], first["when"]) == ("end_host", "not __windows_guest.reachable")
    assert last["ansible.builtin.set_fact"] == {"windows_maintained": True}
    (task,) = freed["tasks"]
    assert task["when"] == "hostvars[esxi_vm_windows.vm].windows_maintained | default(false)"
    assert task["windows_guest"]["state"] == "cleared"
