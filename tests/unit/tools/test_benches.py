"""The table of benchmarks, and what the one on VM1 sends there."""

from __future__ import annotations

import io
import zipfile

from gatekit.plan import plan_site
from gatekit.plan.vm1.model import WildflyPlan
from tests.unit.gatekit.dicom.example import EXAMPLE
from tools.benches import wildfly
from tools.benches.__main__ import main

NAMES = ("plan", "demo", "floor", "dicom", "wildfly")


def test_without_a_name_it_says_which_there_are(capsys):
    assert main([]) == 0
    said = capsys.readouterr().out
    assert [name for name in NAMES if f"\n    {name} " in said] == list(NAMES)


def test_site_that_is_not_built_is_refused_with_what_to_start(capsys):
    assert main(["wildfly", "nowhere"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "build/nowhere" in told.err
    assert "./demo nowhere" in told.err


def test_what_goes_to_vm1_holds_the_module_and_all_it_imports():
    with zipfile.ZipFile(io.BytesIO(wildfly.payload())) as archive:
        names = set(archive.namelist())
    wanted = {"wildfly_server.py", "ansible/module_utils/basic.py", "ansible/module_utils/gatekit/wildfly/keeping.py"}
    assert wanted <= names
    assert not [name for name in names if "__pycache__" in name]


def test_module_is_called_in_check_mode_so_that_a_benchmark_changes_nothing():
    plan: WildflyPlan = plan_site(EXAMPLE).vm1.wildfly
    secrets = {plan.management_password: "m", plan.keystore_password: "k"}
    given = wildfly.arguments(plan.model_dump(mode="json"), secrets)
    assert given["_ansible_check_mode"] is True
    assert (given["owner"], given["port"], given["password"], given["fingerprint_key"]) == ("wildfly", 9990, "m", "k")
