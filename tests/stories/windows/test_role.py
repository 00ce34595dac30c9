"""The role as Ansible runs it, with nobody behind VM3's address: its signature, its tables, and an honest end."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from gatekit.certificates.authority import SERVER, issue, new_authority
from gatekit.certificates.windows import thumbprint
from gatekit.render.windows import baseline
from tests.sites import ROOT, example_plan

pytestmark = pytest.mark.story

CLOSED_PORT = 1
PASSWORD = "Aa1-never-to-be-seen"
TABLES = """
{{ {'tables': windows_maintenance_plan | gatekit_windows(windows_maintenance_vm),
    'thumbprint': windows_maintenance_certificate | gatekit_windows_thumbprint,
    'pkcs12': windows_maintenance_certificate | gatekit_windows_pkcs12(windows_maintenance_private_key),
    'password': windows_maintenance_private_key | gatekit_windows_pkcs12_password} | to_json }}
"""


def given(folder: Path) -> dict[str, Any]:
    """Return the role's variables as playbooks/windows.yml gives them."""
    plan, authority = example_plan(), new_authority("kita")
    leaf = issue(authority, "gw-kita-vm3", [x509.DNSName("gw-kita-vm3")], SERVER)
    return {
        "windows_maintenance_plan": plan.windows.model_dump(mode="json"),
        "windows_maintenance_vm": plan.vm("vm3").model_dump(mode="json"),
        "windows_maintenance_build": str(folder),
        "windows_maintenance_administrator_password": PASSWORD,
        "windows_maintenance_operator_password": PASSWORD,
        "windows_maintenance_certificate": leaf.certificate,
        "windows_maintenance_private_key": leaf.key,
        "windows_maintenance_authority": authority.certificate,
    }


def play(folder: Path, variables: dict[str, Any]) -> tuple[int, str]:
    """Run the role once and return how it ended and what it said."""
    copied = {
        "name": "Tables | Write them down",
        "ansible.builtin.copy": {"content": TABLES, "dest": str(folder / "tables.json"), "mode": "0600"},
        "delegate_to": "localhost",
        "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable},
        "check_mode": False,
    }
    connection = {
        "ansible_connection": "psrp", "ansible_host": "127.0.0.1", "ansible_port": CLOSED_PORT, "ansible_user": "x",
        "ansible_password": "x", "ansible_psrp_auth": "ntlm", "ansible_psrp_protocol": "https",
        "ansible_psrp_connection_timeout": 2,
    }  # fmt: skip
    role = [{"role": "windows_maintenance"}]
    document = [{"hosts": "vm3", "gather_facts": False, "pre_tasks": [copied], "roles": role}]
    (folder / "play.yml").write_text(yaml.safe_dump(document))
    (folder / "hosts.yaml").write_text(yaml.safe_dump({"all": {"hosts": {"vm3": variables | connection}}}))
    words = ["playbook", "-i", str(folder / "hosts.yaml"), str(folder / "play.yml"), "--check"]
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    done = subprocess.run(
        [sys.executable, "-m", "ansible", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_ap_4_the_role_brings_the_plans_tables_to_the_door_and_says_that_nobody_opens(tmp_path: Path) -> None:
    variables = given(tmp_path)
    code, said = play(tmp_path, variables)
    found = json.loads((tmp_path / "tables.json").read_text())
    plan = example_plan()
    pair = pkcs12.load_key_and_certificates(base64.b64decode(found["pkcs12"]), found["password"].encode())
    assert found["tables"] == json.loads(json.dumps(baseline(plan.windows, plan.vm("vm3"))))
    assert found["thumbprint"] == thumbprint(variables["windows_maintenance_certificate"])
    assert pair[1] is not None
    assert (code, "unreachable=1" in said) == (4, True), said
    assert PASSWORD not in said
    assert not (tmp_path / "windows.json").exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"windows_maintenance_operator_password": None}, "windows_maintenance_operator_password"),
        ({"windows_maintenance_restart_alowed": True}, "windows_maintenance_restart_alowed"),
    ],
)
def test_a_missing_or_misspelt_variable_is_refused_before_the_door(
    tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    variables = {name: value for name, value in (given(tmp_path) | change).items() if value is not None}
    code, said = play(tmp_path, variables)
    assert (code, fault in said) == (2, True), said
    assert "unreachable=0" in said
    assert PASSWORD not in said
