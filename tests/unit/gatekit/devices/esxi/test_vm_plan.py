"""VM change sets: observed site + wishes, without any host."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gatekit.devices.esxi.ova import OvaFile
from gatekit.devices.esxi.vm_options import creation_options
from gatekit.devices.esxi.vm_plan import (
    Clear,
    Create,
    Discard,
    PowerOff,
    PowerOn,
    Reconfigure,
    plan_vms,
)
from gatekit.devices.esxi.vm_spec import create_spec
from gatekit.devices.esxi.vm_state import (
    FINGERPRINT,
    IMPORTING,
    SECRET_OPTIONS,
    AutostartState,
    FirstBootState,
    Nic,
    Site,
    VmState,
    VmWish,
    Wishes,
)
from gatekit.errors import DeviceError
from gatekit.plan.appliance import DataDiskPlan
from gatekit.render.cloud_init import FirstBoot, render
from tests.sites import example_plan

HOST_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA-not-a-key-BBBB\n-----END OPENSSH PRIVATE KEY-----\n"
OPERATOR = "ssh-ed25519 AAAAC3Nz operator"


def wish(name: str) -> VmWish:
    vm = example_plan("pattern4").vm(name)
    if vm.ssh_host_key is None:
        return VmWish(vm, None, {})
    return VmWish(vm, render(vm, FirstBoot((OPERATOR,), HOST_KEY)), {}, image=OvaFile(Path("image.ova"), "0" * 64))


def wishes(*names: str) -> Wishes:
    esxi = example_plan("pattern4").esxi
    rows = tuple(row for row in esxi.autostart if row.vm in names)
    return Wishes(esxi.name, esxi.datastore, tuple(wish(name) for name in names), rows)


def built(name: str, **changes: object) -> VmState:
    """Return the VM as a finished build leaves it."""
    wanted = wish(name)
    options = {key: value for key, value in creation_options(wanted).items() if key not in SECRET_OPTIONS}
    vm = wanted.plan
    state = VmState(
        name=name, powered_on=True, guest_id=vm.guest_id, cpus=vm.cpus, memory_mb=vm.memory_mb, disk_gb=vm.disk_gb,
        nic=Nic(vm.port_group, vm.mac), options=options, tools_running=True,
        addresses=((vm.mac, str(vm.address)),), question=None,
    )  # fmt: skip
    return replace(state, **changes)  # type: ignore[arg-type]  # the tests name real fields


def site(*vms: VmState) -> Site:
    order = [row.vm for row in example_plan("pattern4").esxi.autostart if row.vm in {vm.name for vm in vms}]
    rows = tuple(
        AutostartState(vm, number, 60, 120, "powerOn", "guestShutdown", "systemDefault")
        for number, vm in enumerate(order, start=1)
    )
    return Site(vms, ("GW-DMZ",), ("datastore1",), 65536, autostart_enabled=True, autostart=rows)


def steps(found: Site, wished: Wishes) -> list[object]:
    return [change.step for change in plan_vms(found, wished).changes]


def test_vms_as_planned_need_nothing() -> None:
    assert steps(site(built("vm1"), built("vm3")), wishes("vm1", "vm3")) == []


def test_a_new_linux_vm_is_created_started_and_cleared() -> None:
    kinds = [type(step).__name__ for step in steps(site(), wishes("vm1"))]
    assert kinds == ["Create", "Autostart", "PowerOn", "Clear"]


def test_a_new_windows_vm_is_created_and_started() -> None:
    kinds = [type(step).__name__ for step in steps(site(), wishes("vm3"))]
    assert kinds == ["Create", "Autostart", "PowerOn"]


def test_a_half_made_vm_is_completed() -> None:
    half = built("vm1", powered_on=False, options=creation_options(wish("vm1")))
    assert half.first_boot is FirstBootState.WAITING
    assert steps(site(half), wishes("vm1")) == [PowerOn("vm1"), Clear("vm1")]


def test_user_data_left_by_a_broken_run_is_cleared() -> None:
    assert steps(site(built("vm1", options=creation_options(wish("vm1")))), wishes("vm1")) == [Clear("vm1")]


def test_what_the_guest_itself_blanked_is_cleared_from_outside_too() -> None:
    options = built("vm1").options | {"guestinfo.userdata": "---"}
    assert steps(site(built("vm1", options=options)), wishes("vm1")) == [Clear("vm1")]


def test_a_guest_with_other_first_boot_keys_is_noted_and_not_touched() -> None:
    other = built("vm1", options=built("vm1").options | {FINGERPRINT: "0" * 64})
    changes = plan_vms(site(other), wishes("vm1"))
    assert not changes.changed
    assert changes.notes == (
        "vm1: its first boot had other keys; in a guest that has started they are changed over SSH",
    )


def test_keys_changed_before_the_first_power_on_are_given_anew() -> None:
    waiting = creation_options(wish("vm1")) | {FINGERPRINT: "0" * 64}
    (first, *_) = steps(site(built("vm1", powered_on=False, options=waiting)), wishes("vm1"))
    assert isinstance(first, Reconfigure)
    assert {key for key, _ in first.options} == {*SECRET_OPTIONS, FINGERPRINT}


def test_cold_changes_of_a_vm_that_is_off_need_no_consent() -> None:
    off = built("vm1", powered_on=False, memory_mb=1024)
    first, second = steps(site(off), wishes("vm1"))
    assert isinstance(first, Reconfigure)
    assert first.memory_mb == wish("vm1").plan.memory_mb
    assert second == PowerOn("vm1")


def test_cold_changes_of_a_running_vm_shut_it_down_with_consent() -> None:
    wished = replace(wishes("vm1"), restart_allowed=True)
    kinds = [type(step) for step in steps(site(built("vm1", cpus=1)), wished)]
    assert kinds == [PowerOff, Reconfigure, PowerOn]


STRANGE_MAC = "00:50:56:00:00:01"
REFUSALS = [
    pytest.param({"memory_mb": 1024}, "GW409", "hardware", {"memory_mb": 1024}, id="memory-while-running"),
    pytest.param({"disk_gb": 9999}, "GW409", "disk_gb", 9999, id="disk-larger"),
    pytest.param({"disk_gb": None}, "GW409", "disk_gb", None, id="no-disk"),
    pytest.param({"nic": None}, "GW409", "mac", "no NIC", id="no-nic"),
    pytest.param({"nic": Nic("GW-DMZ", STRANGE_MAC)}, "GW409", "mac", STRANGE_MAC, id="mac"),
    pytest.param({"options": {}}, "GW409", "first_boot", "none", id="not-built-by-us"),
    pytest.param({"question": "copied?"}, "GW414", "question", "copied?", id="waits-for-an-answer"),
]


@pytest.mark.parametrize(("change", "code", "path", "value"), REFUSALS)
def test_an_existing_vm_is_never_made_anew(change: dict[str, object], code: str, path: str, value: object) -> None:
    with pytest.raises(DeviceError) as caught:
        steps(site(built("vm1", **change)), wishes("vm1"))
    assert (caught.value.code, caught.value.path, caught.value.value) == (code, f"gw-kita-esx.vm1.{path}", value)


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        ({"port_groups": ("VM Network",)}, ("GW407", "gw-kita-esx.vm1.port_group", "GW-DMZ")),
        ({"datastores": ("other",)}, ("GW407", "gw-kita-esx.datastore", "datastore1")),
        ({"memory_mb": 16383}, ("GW412", "gw-kita-esx.memory_mb", 16384)),
    ],
)
def test_a_host_that_cannot_carry_the_vms_is_refused(change: dict[str, object], facts: tuple[str, str, object]) -> None:
    with pytest.raises(DeviceError) as caught:
        steps(replace(site(), **change), wishes("vm1"))  # type: ignore[arg-type]  # rows name real fields
    assert caught.value.facts[:3] == facts


def test_no_secret_is_in_a_change_set() -> None:
    changes = plan_vms(site(), wishes("vm1"))
    waiting = creation_options(wish("vm1")) | {FINGERPRINT: "0" * 64}
    again = plan_vms(site(built("vm1", powered_on=False, options=waiting)), wishes("vm1"))
    secret = creation_options(wish("vm1"))["guestinfo.userdata"]
    for found in (changes, again):
        said = f"{found!r} {found.lines()} {found.diff()}"
        assert secret not in said
        assert "not-a-key" not in said


def test_the_spec_of_a_linux_vm() -> None:
    spec = create_spec(wish("vm1"), "datastore1")
    assert (spec.name, spec.guestId, spec.firmware, spec.version) == ("vm1", "debian12_64Guest", "efi", "vmx-20")
    assert spec.bootOptions.efiSecureBootEnabled is True
    kinds = [type(change.device).__name__.rpartition(".")[2] for change in spec.deviceChange]
    assert kinds == ["ParaVirtualSCSIController", "VirtualDisk", "VirtualVmxnet3"]
    nic = spec.deviceChange[2].device
    assert (nic.addressType, nic.macAddress, nic.backing.deviceName) == ("manual", wish("vm1").plan.mac, "GW-DMZ")
    assert (nic.connectable.allowGuestControl, spec.tools.syncTimeWithHostAllowed) == (False, False)


def test_the_spec_of_a_windows_vm_has_what_its_media_can_drive() -> None:
    spec = create_spec(wish("vm3"), "datastore1")
    kinds = [type(change.device).__name__.rpartition(".")[2] for change in spec.deviceChange]
    assert kinds == ["VirtualNVMEController", "VirtualDisk", "VirtualE1000e"]
    assert FINGERPRINT not in {option.key for option in spec.extraConfig}


def test_create_is_the_first_step_of_every_missing_vm() -> None:
    found = steps(site(), wishes("vm1", "vm2", "vm3"))
    assert [type(step) for step in found[:3]] == [Create] * 3


def test_a_linux_vm_without_image_is_refused_before_any_write() -> None:
    wanted = replace(wishes("vm1"), vms=(replace(wish("vm1"), image=None),))
    with pytest.raises(DeviceError) as caught:
        plan_vms(site(), wanted)
    assert caught.value.facts == (
        "GW407", "gw-kita-esx.vm1.image", None,
        "Build the image with tools/image and name it in the site file (appliance.linux_image).",
    )  # fmt: skip
    container = replace(wish("vm1"), image=None, extra_config={"RUN.container": "[]"})
    assert plan_vms(site(), replace(wanted, vms=(container,))).changed


def test_what_an_import_that_was_cut_off_left_is_thrown_away_and_made_anew() -> None:
    left = built("vm1", powered_on=False, options={IMPORTING: "yes"})
    steps = [change.step for change in plan_vms(site(left), wishes("vm1")).changes]
    assert [type(step) for step in steps[:2]] == [Discard, Create]
    assert [type(step) for step in steps[-2:]] == [PowerOn, Clear]


def archive_on_its_own_disk(size_gb: int) -> Wishes:
    plan = wish("vm1").plan.model_copy(update={"data_disk": DataDiskPlan(size_gb=size_gb, folder="/srv/archive")})
    return replace(wishes("vm1"), vms=(replace(wish("vm1"), plan=plan),))


def test_a_new_vm_has_its_data_disk_beside_the_systems() -> None:
    (create, *_) = [change.step for change in plan_vms(site(), archive_on_its_own_disk(4000)).changes]
    assert isinstance(create, Create)
    disks = [change.device for change in create_spec(create.wish, "datastore1").deviceChange if change.fileOperation]
    assert [(disk.unitNumber, disk.capacityInKB >> 20) for disk in disks] == [(0, 600), (1, 4000)]
    assert len({change.device.key for change in create_spec(create.wish, "datastore1").deviceChange}) == 4


def test_a_data_disk_grows_and_is_never_made_smaller_or_added_to_a_guest_that_does_not_know_it() -> None:
    wanted = archive_on_its_own_disk(4000)
    (grown,) = plan_vms(site(built("vm1", data_disk_gb=3000)), wanted).changes
    assert grown.line() == "vm vm1: data_disk_gb 3000 -> 4000"
    assert not plan_vms(site(built("vm1", data_disk_gb=4000)), wanted).changed
    for found in (None, 5000):
        with pytest.raises(DeviceError) as caught:
            plan_vms(site(built("vm1", data_disk_gb=found)), wanted)
        assert caught.value.facts == (
            "GW409", "gw-kita-esx.vm1.data_disk_gb", found,
            "The plan says 4000 GB. Add or replace the disk by hand, and move what lies there.",
        )  # fmt: skip
