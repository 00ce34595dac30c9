"""The answer medium's files: nothing secret before it is sealed, one form of one password after."""

from __future__ import annotations

import base64
import json

import pytest

from gatekit.errors import RenderError
from gatekit.render.windows import answer_medium, sealed
from tests.sites import example_plan

PASSWORD = "one-time-A1b2C3d4E5f6G7h8"


def test_the_medium_holds_answers_decisions_and_two_scripts() -> None:
    plan = example_plan()
    files = {file.name: file.content for file in answer_medium(plan.windows, plan.vm("vm3"))}
    assert list(files) == ["Autounattend.xml", "gw-bootstrap.json", "gw-bootstrap.ps1", "gw-setup-complete.cmd"]
    assert all("\r\n" in files[name] for name in ("gw-bootstrap.ps1", "gw-setup-complete.cmd"))


def test_the_first_boot_decides_nothing_by_itself() -> None:
    plan = example_plan()
    files = {file.name: file.content for file in answer_medium(plan.windows, plan.vm("vm3"))}
    decided = json.loads(files["gw-bootstrap.json"])
    assert {key: decided[key] for key in ("Address", "PrefixLength", "Gateway", "DnsServers", "Mac", "WinRmPort")} == {
        "Address": "10.161.4.30",
        "PrefixLength": 24,
        "Gateway": "10.161.4.254",
        "DnsServers": ["10.200.9.10"],
        "Mac": plan.vm("vm3").mac.upper().replace(":", "-"),
        "WinRmPort": 5986,
    }
    assert decided["MaintenanceNetworks"] == ["10.161.4.250/32", "10.200.9.0/24"]
    for key in decided:
        assert f"$plan.{key}" in files["gw-bootstrap.ps1"] or key == "ComputerName"


def test_the_password_enters_only_when_the_medium_is_sealed() -> None:
    plan = example_plan()
    plain = answer_medium(plan.windows, plan.vm("vm3"))
    secret = sealed(plain, plan.windows, {"windows_setup_password": PASSWORD})
    form = base64.b64encode(f"{PASSWORD}AdministratorPassword".encode("utf-16-le")).decode()
    assert [form in file.content for file in secret] == [True, False, False, False]
    assert all(PASSWORD not in file.content and "&lt;secret" not in file.content for file in secret)
    assert form not in repr(secret)


def test_without_the_password_no_medium_is_made() -> None:
    plan = example_plan()
    with pytest.raises(RenderError) as caught:
        sealed(answer_medium(plan.windows, plan.vm("vm3")), plan.windows, {"windows_setup_password": ""})
    assert (caught.value.code, caught.value.path) == ("GW302", "vault.windows_setup_password")
