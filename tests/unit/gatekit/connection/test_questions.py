"""Who is asked what, from the plan."""

from __future__ import annotations

import pytest

from gatekit.connection.questions import probe_systems, systems
from gatekit.errors import VerifyError
from tests.contract.module_runs import load
from tests.sites import PATTERNS, ROOT, example_plan

VAULT = {"link_sftp_password": "s3cr3t", "vpn_psk": "other"}


def question(plan, name, host_keys=None):
    rows = probe_systems(plan.model_dump_json(), VAULT, host_keys or {})
    (found,) = [row for row in rows if row["name"] == name]
    return found


def test_op_7_a_pacs_is_asked_as_the_archive_asks_it(plan) -> None:
    assert question(plan, "pacs.main") == {
        "name": "pacs.main",
        "protocol": "dicom",
        "address": "192.168.30.10",
        "port": 104,
        "calling_ae_title": "KITA_GW",
        "called_ae_title": "KITA_PACS",
        "information_model": "study_root",
        "test_patient": "TEST-PATIENT-77",
    }


def test_op_7_a_system_that_calls_us_is_asked_for_at_our_own_address(plan) -> None:
    wanted = {"name": "orders", "protocol": "own_listener", "address": "10.161.4.10", "port": 2200}
    assert question(plan, "orders") == wanted


def test_op_7_an_account_comes_with_its_password_and_its_confirmed_host_key(plan) -> None:
    place = {"name": "sftp", "protocol": "sftp", "address": "192.168.40.20", "port": 2200, "path": "/out"}
    login = {"account": "gwtest", "password": "s3cr3t"}
    assert question(plan, "sftp") == place | login
    assert question(plan, "sftp", {"sftp": "SHA256:x"}) == place | login | {"host_key": "SHA256:x"}


@pytest.mark.parametrize("name", ["sfpt", "smb"])
def test_op_7_a_host_key_of_no_sftp_system_is_refused(plan, name) -> None:
    with pytest.raises(VerifyError) as caught:
        probe_systems(plan.model_dump_json(), VAULT, {name: "SHA256:x"})
    fix = "Name one of the site file's sftp systems: sftp."
    assert caught.value.facts == ("GW601", "connection_test_host_keys", name, fix)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_op_7_every_pacs_and_every_linked_system_is_asked_once(pattern) -> None:
    plan = example_plan(pattern)
    wanted = [f"pacs.{row.name}" for row in plan.pacs] + [row.name for row in plan.linked_systems]
    assert [row.key for row in systems(plan)] == wanted
    assert len(set(wanted)) == len(wanted)


def test_the_module_knows_every_key_of_a_question(plan) -> None:
    module = load(ROOT / "library/connection_probe.py")
    rows = probe_systems(plan.model_dump_json(), VAULT, {"sftp": "SHA256:x"})
    assert {key for row in rows for key in row} == set(module.SYSTEM)
    assert {row["protocol"] for row in rows} == set(module.SYSTEM["protocol"]["choices"])
