"""The table of benchmarks, and what the one on VM1 sends there."""

from __future__ import annotations

import io
import zipfile

import pytest

from gatekit.devices.change.model import Ending
from gatekit.plan.make import plan_site
from gatekit.plan.vm1.model import WildflyPlan
from tests.unit.gatekit.devices.safety import Bench
from tests.unit.gatekit.dicom.example import EXAMPLE
from tools.benches import devices, wildfly
from tools.benches.__main__ import main

NAMES = ("plan", "demo", "floor", "devices", "dicom", "wildfly")


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


@pytest.mark.peer
def test_device_is_measured_changing_and_with_nothing_to_do():
    numbers = devices.change_and_look_again("comware l3_switch", 1)
    assert list(numbers) == ["change_and_confirm_s", "no_change_s"]
    assert all(isinstance(taken, float) and taken > 0 for taken in numbers.values())


def test_run_that_did_not_change_what_it_should_is_no_measurement(monkeypatch):
    class Settled:
        ending = Ending.UNCHANGED

    monkeypatch.setattr(Bench, "change", lambda _: Settled)
    with pytest.raises(RuntimeError, match="comware l3_switch: unchanged, unchanged"):
        devices.change_and_look_again("comware l3_switch", 1)


def test_every_device_of_a_thousand_hospitals_is_rendered(monkeypatch):
    monkeypatch.setattr(devices, "SITES", 8)
    numbers = devices.rendering()
    assert numbers["devices"] == 24  # firewall and switch each, a CPE where there is one, and pattern 1's spare
    assert 0 < numbers["median_ms"] <= numbers["p95_ms"] <= numbers["max_ms"]
