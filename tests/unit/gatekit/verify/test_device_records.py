"""What the evidence says of the devices that only their vendor's dialogue reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.change.part import part_name
from gatekit.devices.change.record import DeviceRecord, Pending, confirmed
from gatekit.plan.model import Plan
from gatekit.plan.network_device import Part
from gatekit.verify.device_records import device_records
from tests.sites import example_plan, parts_of, vendor_plan

FINGERPRINT = 64 * "a"


def remember(folder: Path, part: Part, *, absent: bool = False) -> DeviceRecord:
    record = DeviceRecord(folder / "devices", part_name(part), "a key")
    record.confirm(confirmed(part, "text\n", FINGERPRINT, plan_sha256=64 * "b", absent=absent), {})
    return record


def words(folder: Path, plan: Plan) -> list[tuple[str, str, bool, str]]:
    records, _ = device_records(folder, plan)
    return [(row.id, row.requirement, row.ok, row.observed.en) for row in records]


@pytest.mark.parametrize("name", ["pattern1", "pattern4"])
def test_linux_devices_are_read_by_verification_itself(tmp_path: Path, name: str) -> None:
    assert device_records(tmp_path, example_plan(name)) == ((), ())


def test_ap_6_a_firewall_read_back_as_planned_is_a_record_of_tier_2(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    remember(tmp_path, plan.firewall)
    records, not_run = device_records(tmp_path, plan)
    assert [(row.id, row.requirement, row.ok, row.tier) for row in records] == [("device.firewall", "AP-6", True, 2)]
    assert FINGERPRINT[:12] in records[0].observed.en
    assert not not_run


def test_vpn_1_the_main_cpe_has_a_record_of_its_own(tmp_path: Path) -> None:
    plan = vendor_plan("nec_ix", "pattern1")
    remember(tmp_path, parts_of(plan)["cpe_main"])
    assert plan.cpe is not None
    assert [row[:3] for row in words(tmp_path, plan)] == [("device.cpe_main", "VPN-1", True)]


def test_a_device_that_was_never_configured_is_said_to_be_unproved(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    records, not_run = device_records(tmp_path, plan)
    assert not records
    assert [(row.id, row.reason.en) for row in not_run] == [("device.firewall", "this device was not configured yet")]


def test_a_device_as_an_older_plan_wanted_it_is_red(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    remember(tmp_path, plan.firewall.model_copy(update={"flows": plan.firewall.flows[1:]}))
    assert words(tmp_path, plan) == [
        ("device.firewall", "AP-6", False, "as an older plan says: run the job again"),
    ]


def test_a_change_whose_end_nobody_saw_is_red(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    remember(tmp_path, plan.firewall).begin(Pending(undo_after_s=60, fingerprint_before=FINGERPRINT))
    assert words(tmp_path, plan)[0][2:] == (False, "a change of it did not end: run the job again")


def test_a_device_from_which_ours_was_taken_away_is_red(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    remember(tmp_path, plan.firewall, absent=True)
    assert words(tmp_path, plan)[0][2:] == (False, "our configuration was taken away")


def test_a_record_that_is_not_ours_is_red(tmp_path: Path) -> None:
    plan = vendor_plan("juniper_srx", "pattern4")
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices/firewall.json").write_text("{}")
    assert words(tmp_path, plan)[0][2:] == (False, "the device's record is not readable")


def test_nw_4_a_switch_that_its_vendor_manages_has_no_record_of_ours(tmp_path: Path) -> None:
    managed = example_plan("pattern3")
    assert managed.l3_switch.managed_by == "network_vendor"
    assert device_records(tmp_path, managed) == ((), ())
