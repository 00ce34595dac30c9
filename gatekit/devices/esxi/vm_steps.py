"""The steps a VM change set is made of."""

from __future__ import annotations

from dataclasses import dataclass

from gatekit.devices.esxi.vm_state import AutostartState, VmWish
from gatekit.plan.appliance import UsbDevicePlan

__all__ = ["Autostart", "Clear", "Create", "Discard", "PowerOff", "PowerOn", "Reconfigure", "Step", "Upload"]


@dataclass(frozen=True, slots=True)
class Create:
    wish: VmWish


@dataclass(frozen=True, slots=True)
class Discard:
    """Remove what an import that was cut off left."""

    vm: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Lay the answer ISO on the datastore, after judging the installation ISO there."""

    wish: VmWish


@dataclass(frozen=True, slots=True)
class PowerOff:
    """Shut the guest down, with consent only."""

    vm: str


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """Change what can be changed; None and empty mean leave. ``options`` may hold secrets."""

    vm: str
    cpus: int | None
    memory_mb: int | None
    guest_id: str | None
    disk_gb: int | None
    port_group: str | None
    options: tuple[tuple[str, str], ...]
    cdroms: tuple[str, ...] = ()
    data_disk_gb: int | None = None
    usb_device: UsbDevicePlan | None = None

    def __repr__(self) -> str:
        return f"Reconfigure({self.vm!r}, options={[key for key, _ in self.options]})"


@dataclass(frozen=True, slots=True)
class Autostart:
    """The whole start sequence; one call, because one VM at a time is refused from order 2 on."""

    rows: tuple[AutostartState, ...]


@dataclass(frozen=True, slots=True)
class PowerOn:
    vm: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Take the user data off the VM, once the guest is up."""

    vm: str


type Step = Discard | Create | Upload | PowerOff | Reconfigure | Autostart | PowerOn | Clear
