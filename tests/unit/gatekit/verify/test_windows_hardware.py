"""VM3's hardware as the host reports it: as planned is green, each thing missing or added is red."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatekit.plan.model import Plan
from gatekit.verify.judges.windows import hardware
from gatekit.verify.model import Verdict
from gatekit.verify.targets import Targets
from gatekit.verify.windows_checks import windows_hardware_check
from tests.sites import example_plan


def judged(plan: Plan, targets: Targets, **changes: Any) -> Verdict:
    found = {
        "firmware": "efi",
        "secure_boot": True,
        "devices": ["VirtualAHCIController", "VirtualCdrom", "VirtualDisk", "VirtualE1000e", "VirtualNVMEController"],
        "isos": [plan.windows.answer_media.path, plan.windows.tools_media.path],
    }
    check: Any = windows_hardware_check(targets, None)
    return hardware(plan, check, (json.dumps({"machines": [{"name": "vm3", "hardware": found | changes}]}),))


def test_ap_4_the_planned_hardware_is_green_with_and_without_media(targets: Targets) -> None:
    plan = example_plan()
    assert judged(plan, targets).ok
    assert judged(plan, targets, isos=[]).ok
    assert "gatekit/vm3-answer.iso" in judged(plan, targets).observed.en


@pytest.mark.parametrize(
    "change",
    [
        {"firmware": "bios"},
        {"secure_boot": False},
        {"devices": ["VirtualDisk", "VirtualE1000e", "ParaVirtualSCSIController"]},
        {"devices": ["VirtualDisk", "VirtualVmxnet3", "VirtualNVMEController"]},
        {"devices": ["VirtualE1000e", "VirtualNVMEController", "VirtualFloppy"]},
        {"devices": ["VirtualE1000e", "VirtualNVMEController", "VirtualTPM"]},
        {"isos": ["[datastore1] somebody/else.iso"]},
    ],
)
def test_other_hardware_or_an_unplanned_iso_is_red(targets: Targets, change: dict[str, Any]) -> None:
    assert not judged(example_plan(), targets, **change).ok


def test_a_missing_vm3_is_red(targets: Targets) -> None:
    check: Any = windows_hardware_check(targets, None)
    assert not hardware(example_plan(), check, (json.dumps({"machines": []}),)).ok


def test_on_the_simulator_it_is_tier_2(targets: Targets) -> None:
    check: Any = windows_hardware_check(targets, None)
    assert (check.tier, check.requirement) == (2, "AP-4")
