"""AP-5: the UPS's USB cable passed through to VM2 of the simulated host, seen with pyVmomi alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.devices.esxi.vm_state import Wishes
from gatekit.errors import DeviceError
from gatekit.plan.appliance import UsbDevicePlan
from tests.stories.esxi import by_hand, site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

UPS = UsbDevicePlan(vendor_id="051d", product_id="0003")


def with_ups(wishes: Wishes, device: UsbDevicePlan = UPS) -> Wishes:
    """Return the wishes with a UPS on a cable at VM2."""
    vms = (
        replace(one, plan=one.plan.model_copy(update={"usb_device": device})) if one.plan.name == "vm2" else one
        for one in wishes.vms
    )
    return replace(wishes, vms=tuple(vms))


def hardware(esxi: Simulator) -> tuple[list[str], list[str], dict[str, str]]:
    """Return VM2's USB controllers, the patterns of its USB devices, and its usb options."""
    (esxi.folder / "port").write_text(str(esxi.port))
    with by_hand.service(esxi.folder) as found:
        config = by_hand.vms(found)["vm2"].config
        kinds = [(type(one).__name__.rpartition(".")[2], one) for one in config.hardware.device]
        return (
            [kind for kind, _ in kinds if kind in {"VirtualUSBXHCIController", "VirtualUSBController"}],
            [one.backing.deviceName for kind, one in kinds if kind == "VirtualUSB"],
            {option.key: option.value for option in config.extraConfig if option.key.startswith("usb.")},
        )


AS_PLANNED = (
    ["VirtualUSBXHCIController"],
    ["vid:051d pid:0003"],
    {"usb.generic.allowHID": "TRUE", "usb.quirks.device0": "0x051d:0x0003 allow"},
)


def test_ap_5_vm2_is_built_with_the_ups_and_stays_so(esxi: Simulator) -> None:
    wishes = with_ups(site.windows_wishes())
    with site.session(esxi) as session:
        site.build_host(session)
        predicted = plan_vms(observe_site(session), wishes)
        done = site.build_vms(session, wishes)
        again = plan_vms(observe_site(session), wishes)
    assert done.diff() == predicted.diff()
    assert '"usb_devices": [' in str(predicted.diff()["after"])
    assert (again.lines(), again.diff()) == ([], {"before": "", "after": ""})
    assert hardware(esxi) == AS_PLANNED


def test_ap_5_a_running_vm2_gets_the_ups_at_a_restart_that_was_permitted(esxi: Simulator) -> None:
    bare = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, bare)
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), with_ups(bare))
        site.build_vms(session, replace(with_ups(bare), restart_allowed=True))
        again = plan_vms(observe_site(session), with_ups(bare))
        vm2 = observe_site(session).vm("vm2")
    assert caught.value.facts[:2] == ("GW409", "gw-kita-esx.vm2.hardware")
    assert vm2 is not None
    assert vm2.powered_on
    assert not again.changed
    assert hardware(esxi) == AS_PLANNED


def test_ap_5_another_ups_replaces_the_one_before(esxi: Simulator) -> None:
    other = UsbDevicePlan(vendor_id="0463", product_id="ffff")
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, with_ups(wishes))
        site.build_vms(session, replace(with_ups(wishes, other), restart_allowed=True))
    controllers, patterns, options = hardware(esxi)
    assert (controllers, patterns) == (AS_PLANNED[0], ["vid:0463 pid:ffff"])
    assert options["usb.quirks.device0"] == "0x0463:0xffff allow"
