"""A USB device of the host passed through to a VM: what the VM carries for it (reference A.6.3).

A UPS is a HID device, which the host keeps for itself: the two options let the VM have it all the same. They count
from the next power-on, so a running VM needs a restart; controller and device alone could be added to it.
"""

from __future__ import annotations

import re
from typing import Any

from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.plan.appliance import UsbDevicePlan

__all__ = ["usb_ids", "usb_options", "usb_specs"]

CONTROLLER, DEVICE = -30, -31
"""Temporary keys inside one spec, apart from those of vm_spec; the host gives real ones."""
IDS = re.compile(r"(?=.*\bvid:(?:0x)?([0-9a-f]{1,4})\b)(?=.*\bpid:(?:0x)?([0-9a-f]{1,4})\b)", re.IGNORECASE)


def usb_options(device: UsbDevicePlan | None) -> dict[str, str]:
    """Return the extraConfig that lets the VM have a HID device; empty without one."""
    if device is None:
        return {}
    return {
        "usb.generic.allowHID": "TRUE",
        "usb.quirks.device0": f"0x{device.vendor_id}:0x{device.product_id} allow",
    }


def usb_ids(devices: Any) -> tuple[str, ...]:
    """Return ``vendor:product`` of each device passed through; the host's own pattern where it names no ids."""
    return tuple(sorted(_ids(device) for device in devices if isinstance(device, vim.vm.device.VirtualUSB)))


def _ids(device: Any) -> str:
    """Return what one device is known by: the host may keep a path as its pattern and tell the ids beside it."""
    pattern = str(getattr(device.backing, "deviceName", ""))
    if found := IDS.match(pattern):
        return ":".join(part.lower().zfill(4) for part in found.groups())
    return f"{device.vendor:04x}:{device.product:04x}" if device.vendor and device.product else pattern


def usb_specs(wanted: UsbDevicePlan, devices: list[Ref]) -> list[Ref]:
    """Return what leaves a VM with this USB device and no other; ``devices`` are its present ones.

    The device takes the xHCI controller that is there, or brings one: a VM has one of a kind at most.
    """
    present = [device for device in devices if isinstance(device, vim.vm.device.VirtualUSB)]
    controllers = [device for device in devices if isinstance(device, vim.vm.device.VirtualUSBXHCIController)]
    specs = [_spec("remove", device) for device in present]
    if not controllers:
        made = vim.vm.device.VirtualUSBXHCIController(key=CONTROLLER, busNumber=0, autoConnectDevices=False)
        controllers, specs = [made], [*specs, _spec("add", made)]
    return [*specs, _spec("add", _device(wanted, controllers[0].key))]


def _device(wanted: UsbDevicePlan, controller: int) -> Ref:
    """Return the device by its autoconnect pattern, on the host itself: this host has no other to move a VM to."""
    usb = vim.vm.device.VirtualUSB
    link = vim.vm.device.VirtualDevice.ConnectInfo(startConnected=True, connected=True, allowGuestControl=False)
    return usb(
        key=DEVICE,
        controllerKey=controller,
        connected=False,
        connectable=link,
        backing=usb.USBBackingInfo(deviceName=f"vid:{wanted.vendor_id} pid:{wanted.product_id}"),
    )


def _spec(operation: str, device: Ref) -> Ref:
    return vim.vm.device.VirtualDeviceSpec(operation=operation, device=device)
