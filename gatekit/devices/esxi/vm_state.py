"""Virtual machines as observed and as wished, in our own frozen types."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gatekit.devices.esxi.ova import OvaFile
from gatekit.plan.appliance import AutostartRow, VmPlan
from gatekit.render.cloud_init import GuestInfo

__all__ = [
    "FINGERPRINT",
    "IMPORTING",
    "SECRET_OPTIONS",
    "AutostartState",
    "FirstBootState",
    "InstallMedia",
    "Nic",
    "Site",
    "VmState",
    "VmWish",
    "Wishes",
]

FINGERPRINT = "gatekit.userdata.sha256"
"""extraConfig key that outlives the user data: which first-boot data the guest was given."""

IMPORTING = "gatekit.importing"
"""extraConfig key that a VM bears until the disk of its image is whole."""

SECRET_OPTIONS = ("guestinfo.userdata", "guestinfo.userdata.encoding")
"""extraConfig keys that are cleared when the guest is up; their values are never shown."""


class FirstBootState(StrEnum):
    """How far a guest is with its first-boot data."""

    NONE = "none"  # it was never given any
    WAITING = "waiting"  # given, still readable on the VM
    USED = "used"  # given and cleared again


@dataclass(frozen=True, slots=True)
class Nic:
    port_group: str
    mac: str  # lower case


@dataclass(frozen=True, slots=True)
class VmState:
    """One virtual machine of the host."""

    name: str
    powered_on: bool
    guest_id: str
    cpus: int
    memory_mb: int
    disk_gb: int | None  # None: no disk
    nic: Nic | None
    options: dict[str, str] = field(repr=False)
    tools_running: bool
    addresses: tuple[tuple[str, str], ...]  # (MAC, address) as the guest reports them
    question: str | None
    data_disk_gb: int | None = None  # None: no second disk
    cdroms: tuple[str, ...] = ()  # ISO files in the drives, in the order of the drives
    usb_devices: tuple[str, ...] = ()  # vendor:product of what is passed through

    @property
    def first_boot(self) -> FirstBootState:
        """Return how far the guest is with its first-boot data.

        The ``---`` of the guest's own clean-up counts as waiting: it may not have reached the .vmx,
        so the keys are cleared from outside all the same. A Windows guest has its data in a CD drive.
        """
        if FINGERPRINT not in self.options:
            return FirstBootState.NONE
        left = bool(self.cdroms) or any(self.options.get(key, "") for key in SECRET_OPTIONS)
        return FirstBootState.WAITING if left else FirstBootState.USED

    @property
    def half_imported(self) -> bool:
        """Return whether an import began and did not end: the VM is good for nothing."""
        return bool(self.options.get(IMPORTING))

    def shows(self, mac: str, address: str) -> bool:
        """Return whether the guest runs and reports this address on the NIC with this MAC."""
        return self.tools_running and (mac.lower(), address) in self.addresses


@dataclass(frozen=True, slots=True)
class AutostartState:
    """One VM's place in the start sequence, with what else the host keeps for it."""

    vm: str
    order: int
    start_delay_s: int
    stop_delay_s: int
    start_action: str
    stop_action: str
    wait_for_heartbeat: str


@dataclass(frozen=True, slots=True)
class Site:
    """What the VM part needs to know of the host, read once."""

    vms: tuple[VmState, ...]
    port_groups: tuple[str, ...]
    datastores: tuple[str, ...]
    memory_mb: int
    autostart_enabled: bool
    autostart: tuple[AutostartState, ...]

    def vm(self, name: str) -> VmState | None:
        """Return the VM of that name, None when there is none."""
        return next((vm for vm in self.vms if vm.name == name), None)


@dataclass(frozen=True, slots=True)
class InstallMedia:
    """What Windows is installed from: ``[datastore] path`` of each ISO in the order of the drives, and our answers.

    ``answer`` is the path of the answer ISO and ``content`` its bytes, which hold the one-time password.
    ``sha256`` is of the ISO named ``installation``, which the operator laid on the datastore; None: there is none.
    """

    images: tuple[str, ...]
    answer: str
    content: bytes = field(repr=False)
    fingerprint: str
    installation: str | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class VmWish:
    """One VM as it has to be: ``guest_info`` for cloud-init, ``media`` for Windows' Setup."""

    plan: VmPlan
    guest_info: GuestInfo | None
    extra_config: dict[str, str]
    media: InstallMedia | None = None
    image: OvaFile | None = None  # what a new VM's disk is made from; None: an empty disk, or the twin's container

    @property
    def first_boot_mark(self) -> str | None:
        """Return the keyed fingerprint of the first-boot data; None when there are none."""
        given = self.guest_info or self.media
        return given.fingerprint if given is not None else None

    @property
    def awaited(self) -> bool:
        """Return whether the guest reports itself: then the build waits for its address."""
        return self.guest_info is not None


@dataclass(frozen=True, slots=True)
class Wishes:
    """All VMs of the site and what they share.

    ``restart_allowed`` is the consent to interrupt a running VM. ``promised_port_groups`` are those the
    host part would have made by now: a prediction on a fresh host counts on them, a build does not.
    """

    host: str
    datastore: str
    vms: tuple[VmWish, ...]
    autostart: tuple[AutostartRow, ...]
    restart_allowed: bool = False
    promised_port_groups: tuple[str, ...] = ()
