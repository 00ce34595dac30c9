from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.esxi.parameters import host_plan, target
from gatekit.devices.esxi.vm_parameters import wishes
from gatekit.errors import DeviceError, GatekitError, IntentError
from tests.sites import example_plan

HOST_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"


def parameters(**changes: object) -> dict[str, Any]:
    plan = example_plan("pattern4")
    return {
        "host": "10.161.4.5", "port": 443, "user": "root", "password": "x-secret", "ca_pem": "/nowhere/ca.pem",
        "pinned": False, "connect_deadline_s": 60, "host_plan": plan.esxi.model_dump(mode="json"),
        "vms": [vm.model_dump(mode="json") for vm in plan.vms], "authorized_keys": ["ssh-ed25519 AAAA operator"],
        "host_keys": {"vm1": HOST_KEY, "vm2": HOST_KEY}, "extra_config": {"vm1": {"RUN.mountdmi": "false"}},
        "restart_allowed": False,
    } | changes  # fmt: skip


def test_the_plans_json_gives_the_plans_types_back() -> None:
    given = parameters()
    plan = host_plan(given, "host_plan")
    found = wishes(given, plan, predict=False)
    assert plan == example_plan("pattern4").esxi
    assert tuple(wish.plan for wish in found.vms) == example_plan("pattern4").vms
    assert [wish.awaited for wish in found.vms] == [True, True, False]
    assert found.vms[0].extra_config == {"RUN.mountdmi": "false"}
    assert found.promised_port_groups == ()


def test_a_prediction_counts_on_the_port_groups_of_the_hosts_plan() -> None:
    given = parameters()
    found = wishes(given, host_plan(given, "host_plan"), predict=True)
    assert found.promised_port_groups == ("GW-DMZ", "Management Network")


@pytest.mark.parametrize(
    ("change", "kind", "code", "path"),
    [
        ({"vms": [{"name": "vm1"}]}, IntentError, "GW104", "vms.0.host_name"),
        ({"host_keys": {"vm1": HOST_KEY}}, IntentError, "GW107", "host_keys.vm2"),
    ],
)
def test_wrong_parameters_are_refused(
    change: dict[str, object], kind: type[GatekitError], code: str, path: str
) -> None:
    given = parameters(**change)
    with pytest.raises(kind) as caught:
        wishes(given, host_plan(given, "host_plan"), predict=False)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_plan_of_something_else_is_refused_without_printing_it() -> None:
    with pytest.raises(IntentError) as caught:
        host_plan({"plan": {"name": "x", "password": "x-secret-by-mistake"}}, "plan")
    assert caught.value.code == "GW104"
    assert "x-secret" not in str(caught.value)


def test_a_missing_certificate_file_is_refused(tmp_path: Path) -> None:
    given = parameters(ca_pem=str(tmp_path / "ca.pem"))
    with pytest.raises(DeviceError) as caught:
        target(given, host_plan(given, "host_plan"))
    assert (caught.value.code, caught.value.path) == ("GW416", "ca_pem")


def test_the_password_is_in_no_representation(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("pem")
    given = parameters(ca_pem=str(tmp_path / "ca.pem"))
    assert "x-secret" not in repr(target(given, host_plan(given, "host_plan")))
