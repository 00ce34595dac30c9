"""AP-5: the UPS on a cable as VM2's virtual hardware, from the plan to the spec and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatekit.devices.esxi.vm_options import creation_options
from gatekit.devices.esxi.vm_plan import Create, PowerOff, PowerOn, Reconfigure, VmChanges, plan_vms
from gatekit.devices.esxi.vm_spec import create_spec, reconfigure_spec
from gatekit.devices.esxi.vm_state import SECRET_OPTIONS, AutostartState, Nic, Site, VmState, VmWish, Wishes
from gatekit.devices.esxi.vm_usb import usb_ids
from gatekit.devices.esxi.vmomi import vim
from gatekit.errors import DeviceError
from gatekit.plan.appliance import UsbDevicePlan
from tests.sites import example_plan
from tests.ups import plan as plan_with

UPS = UsbDevicePlan(vendor_id="051d", product_id="0003")
OPTIONS = {"usb.generic.allowHID": "TRUE", "usb.quirks.device0": "0x051d:0x0003 allow"}
usb = vim.vm.device.VirtualUSB


def wishes(kind: str = "usb", *, restart_allowed: bool = False) -> Wishes:
    """Return VM2 as the example with such a UPS has it, without first-boot data."""
    plan = plan_with(kind)
    rows = tuple(row for row in plan.esxi.autostart if row.vm == "vm2")
    vm2 = VmWish(plan.vm("vm2"), None, {})
    return Wishes(plan.esxi.name, plan.esxi.datastore, (vm2,), rows, restart_allowed=restart_allowed)


def found(**changes: object) -> Site:
    """Return a host with VM2 built as planned, the UPS passed through, but for the changes."""
    (wanted,), plan = wishes().vms, plan_with("usb").vm("vm2")
    options = {key: value for key, value in creation_options(wanted).items() if key not in SECRET_OPTIONS}
    state = VmState(
        name="vm2", powered_on=True, guest_id=plan.guest_id, cpus=plan.cpus, memory_mb=plan.memory_mb,
        disk_gb=plan.disk_gb, nic=Nic(plan.port_group, plan.mac), options=options, tools_running=True,
        addresses=(), question=None, usb_devices=("051d:0003",),
    )  # fmt: skip
    state = replace(state, **changes)  # type: ignore[arg-type]  # the tests name real fields
    started = AutostartState("vm2", 1, 60, 120, "powerOn", "guestShutdown", "systemDefault")
    return Site((state,), ("GW-DMZ",), ("datastore1",), 65536, autostart_enabled=True, autostart=(started,))


def without(*keys: str) -> dict[str, str]:
    return {key: value for key, value in found().vms[0].options.items() if key not in keys}


def steps(changes: VmChanges) -> list[object]:
    return [change.step for change in changes.changes]


def device(pattern: str, **facts: object) -> Any:
    return usb(key=13000, controllerKey=14000, backing=usb.USBBackingInfo(deviceName=pattern), connected=True, **facts)


def test_ap_5_a_cable_is_vm2s_alone_and_a_card_needs_no_device() -> None:
    given = {vm.name: vm.usb_device for vm in plan_with("usb").vms}
    assert given == {"vm1": None, "vm2": UPS, "vm3": None}
    assert not any(vm.usb_device for vm in plan_with().vms)
    assert example_plan("pattern2").vm("vm2").usb_device == UPS


def test_ap_5_a_new_vm2_has_the_controller_the_device_and_the_hosts_leave_for_it() -> None:
    spec = create_spec(wishes().vms[0], "datastore1")
    controller, passed = (change.device for change in spec.deviceChange[-2:])
    assert isinstance(controller, vim.vm.device.VirtualUSBXHCIController)
    assert isinstance(passed, usb)
    assert isinstance(passed.backing, usb.USBBackingInfo)
    assert (passed.backing.deviceName, passed.controllerKey) == ("vid:051d pid:0003", controller.key)
    assert passed.connectable.startConnected
    assert {option.key: option.value for option in spec.extraConfig}.items() >= OPTIONS.items()
    keys = [change.device.key for change in spec.deviceChange]
    assert len(set(keys)) == len(keys)


def test_a_vm_without_a_device_in_the_plan_gets_neither_controller_nor_leave() -> None:
    spec = create_spec(wishes("network_card").vms[0], "datastore1")
    assert not [change for change in spec.deviceChange if "USB" in type(change.device).__name__]
    assert not [option for option in spec.extraConfig if option.key.startswith("usb.")]


def test_ap_5_a_vm2_with_its_device_needs_nothing_and_a_new_one_is_shown_with_it() -> None:
    assert not plan_vms(found(), wishes()).changed
    create, *_ = plan_vms(replace(found(), vms=()), wishes()).changes
    assert isinstance(create.step, Create)
    assert dict(create.after or {})["usb_devices"] == ["051d:0003"]


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        pytest.param({"usb_devices": ()}, {"usb_devices": []}, id="no-device"),
        pytest.param({"usb_devices": ("0590:00b7",)}, {"usb_devices": ["0590:00b7"]}, id="another-device"),
        pytest.param({"options": without("usb.quirks.device0")}, {"options": ["usb.quirks.device0"]}, id="no-leave"),
    ],
)
def test_ap_5_a_running_vm2_is_restarted_for_its_device_with_consent_only(
    changes: dict[str, object], value: object
) -> None:
    with pytest.raises(DeviceError) as caught:
        plan_vms(found(**changes), wishes())
    assert caught.value.facts[:3] == ("GW409", "gw-kita-esx.vm2.hardware", value)
    kinds = [type(step) for step in steps(plan_vms(found(**changes), wishes(restart_allowed=True)))]
    assert kinds == [PowerOff, Reconfigure, PowerOn]


def test_ap_5_a_vm2_that_is_off_gets_the_device_and_the_diff_says_so() -> None:
    bare = found(powered_on=False, usb_devices=(), options=without(*OPTIONS))
    changed, started = plan_vms(bare, wishes()).changes
    assert isinstance(changed.step, Reconfigure)
    assert (changed.step.usb_device, dict(changed.step.options)) == (UPS, OPTIONS)
    assert "usb_devices" not in dict(changed.before or {})
    assert dict(changed.after or {})["usb_devices"] == ["051d:0003"]
    assert dict(changed.after or {})["options"] == sorted(OPTIONS)
    assert started.step == PowerOn("vm2")


def test_a_device_that_the_plan_does_not_know_is_left_where_the_vm_has_none_of_ours() -> None:
    plugged = found(usb_devices=("0951:1666",))
    assert not plan_vms(plugged, wishes("network_card")).changed


def test_another_ups_takes_the_place_of_the_old_one_on_the_controller_that_is_there() -> None:
    controller = vim.vm.device.VirtualUSBXHCIController(key=14000, busNumber=0)
    old = device("vid:0590 pid:00b7")
    step = Reconfigure("vm2", None, None, None, None, None, (), usb_device=UPS)
    changes = reconfigure_spec(step, [controller, old]).deviceChange
    assert [(change.operation, change.device.key) for change in changes] == [("remove", 13000), ("add", -31)]
    assert changes[1].device.controllerKey == 14000


@pytest.mark.parametrize(
    ("pattern", "facts", "ids"),
    [
        ("vid:051d pid:0003", {}, "051d:0003"),
        ("pid:0x3 vid:0x51D autoclean:0", {}, "051d:0003"),
        ("path:1/0/1 version:2", {"vendor": 0x51D, "product": 3}, "051d:0003"),
        ("path:1/0/1 version:2", {}, "path:1/0/1 version:2"),
        ("vid:051d path:1/0/1", {}, "vid:051d path:1/0/1"),
    ],
)
def test_a_device_is_known_by_its_ids_however_the_host_writes_its_pattern(
    pattern: str, facts: dict[str, object], ids: str
) -> None:
    assert usb_ids([device(pattern, **facts)]) == (ids,)
