"""The extraConfig of a virtual machine: what stays on it, and what its first boot alone is given. Pure."""

from __future__ import annotations

from gatekit.devices.esxi.vm_state import FINGERPRINT, FirstBootState, VmState, VmWish
from gatekit.devices.esxi.vm_usb import usb_options

__all__ = ["creation_options", "lacking_usb_options", "lasting_options", "missing_options"]


def lasting_options(wish: VmWish) -> dict[str, str]:
    """Return the extraConfig that stays on the VM: hardening (reference A.4.5), metadata, what the site adds."""
    options = {"RemoteDisplay.maxConnections": "1"}
    if wish.plan.guest.startswith("windows"):
        options["efi.quickBoot.enabled"] = "FALSE"  # Windows PE could miss the disk (KB 326253)
        options["tools.guest.desktop.autolock"] = "TRUE"
    if wish.guest_info is not None:
        options |= wish.guest_info.public_options()
    return options | usb_options(wish.plan.usb_device) | wish.extra_config


def creation_options(wish: VmWish) -> dict[str, str]:
    """Return the extraConfig of a new VM, the user data (secret) and its mark included."""
    return lasting_options(wish) | _first_boot_options(wish)


def missing_options(state: VmState, wish: VmWish) -> dict[str, str]:
    """Return what an existing VM lacks; first-boot data (secret) only where it has not started with them."""
    missing = _lacking(state, lasting_options(wish))
    mark = wish.first_boot_mark
    if mark is None or state.powered_on or state.first_boot is FirstBootState.USED:
        return missing
    if state.first_boot is FirstBootState.NONE or state.options.get(FINGERPRINT) != mark:
        missing |= _first_boot_options(wish)
    return missing


def lacking_usb_options(state: VmState, wish: VmWish) -> list[str]:
    """Return the keys for the passed-through device that are missing or differ: they count from the next power-on."""
    return sorted(_lacking(state, usb_options(wish.plan.usb_device)))


def _lacking(state: VmState, wanted: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in wanted.items() if state.options.get(key) != value}


def _first_boot_options(wish: VmWish) -> dict[str, str]:
    secret = wish.guest_info.secret_options() if wish.guest_info else {}
    return secret | ({FINGERPRINT: wish.first_boot_mark} if wish.first_boot_mark else {})
