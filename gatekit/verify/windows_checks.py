"""What of Windows' VM is read on the ESXi host, with or without a guest in it (AP-4). Pure."""

from __future__ import annotations

from gatekit.model import Text
from gatekit.verify.model import Check, Kind, NotRun
from gatekit.verify.readings import Row, check_of, unless
from gatekit.verify.targets import Targets

__all__ = ["windows_hardware_check"]

HARDWARE = Row(
    "esxi.windows_hardware",
    Kind.ESXI,
    "AP-4",
    Text(
        ja="Windows VMはEFI・Secure Bootで、媒体付属のドライバーだけで導入できる",
        en="The Windows VM has EFI, Secure Boot, and hardware the Windows media have drivers for",
    ),
    Text(
        ja="EFI、Secure Boot、NVMe、e1000e、計画のISOだけ",
        en="EFI, Secure Boot, NVMe, e1000e, no ISO but the plan's",
    ),
    ("esxi",),
    "windows_hardware",
)


def windows_hardware_check(targets: Targets, unreadable: Text | None) -> Check | NotRun:
    """Return the check of VM3's hardware, or why it cannot be read."""
    return unless(check_of(targets, "esxi", HARDWARE), unreadable)
