"""Our frozen types in the words of CreateVM and ReconfigVM (reference A.4.1)."""

from __future__ import annotations

from gatekit.devices.esxi.vm_options import creation_options
from gatekit.devices.esxi.vm_plan import Autostart, Reconfigure
from gatekit.devices.esxi.vm_state import VmWish
from gatekit.devices.esxi.vm_usb import usb_specs
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.plan.appliance import DataDiskPlan

__all__ = [
    "autostart_spec",
    "cdrom_emptying_specs",
    "cdrom_removal_specs",
    "cdrom_specs",
    "create_spec",
    "data_disk_spec",
    "reconfigure_spec",
]

HARDWARE_VERSION = "vmx-20"
"""ESXi 8.0; one below the newest that 8.0 U2 knows."""
KB_PER_GB = 1024 * 1024

# temporary keys inside one spec; the host gives real ones
CONTROLLER, DISK, NIC, AHCI, CDROM = -1, -2, -3, -4, -5
DATA_DISK = -20


def create_spec(wish: VmWish, datastore: str) -> Ref:
    """Return the spec of a new VM: EFI with Secure Boot, disks, one NIC, what is passed through. Holds secrets."""
    plan = wish.plan
    return vim.vm.ConfigSpec(
        name=plan.name,
        guestId=plan.guest_id,
        version=HARDWARE_VERSION,
        firmware="efi",
        numCPUs=plan.cpus,
        numCoresPerSocket=plan.cpus,
        memoryMB=plan.memory_mb,
        annotation=plan.purpose.en,
        files=vim.vm.FileInfo(vmPathName=f"[{datastore}]"),
        bootOptions=vim.vm.BootOptions(efiSecureBootEnabled=True),
        # NTP in the guest is the only clock master
        tools=vim.vm.ToolsConfigInfo(
            syncTimeWithHost=False, syncTimeWithHostAllowed=False, toolsUpgradePolicy="manual"
        ),
        flags=vim.vm.FlagInfo(enableLogging=True),
        extraConfig=option_values(creation_options(wish)),
        deviceChange=[_add(_controller(wish)), _add_disk(plan.disk_gb, datastore), _add(_nic(wish))]
        + ([data_disk_spec(plan.data_disk, datastore)] if plan.data_disk else [])
        + (usb_specs(plan.usb_device, []) if plan.usb_device else [])
        + (cdrom_specs(wish.media.images) if wish.media else []),
    )


def option_values(options: dict[str, str]) -> list[Ref]:
    """Return extraConfig entries in the order of their keys."""
    return [vim.option.OptionValue(key=key, value=value) for key, value in sorted(options.items())]


def _add(device: Ref) -> Ref:
    return vim.vm.device.VirtualDeviceSpec(operation="add", device=device)


def _windows(wish: VmWish) -> bool:
    return wish.plan.guest.startswith("windows")


def _controller(wish: VmWish) -> Ref:
    """Return the disk controller: Windows media lack a driver for pvscsi and have one for NVMe."""
    if _windows(wish):
        return vim.vm.device.VirtualNVMEController(key=CONTROLLER, busNumber=0)
    return vim.vm.device.ParaVirtualSCSIController(key=CONTROLLER, busNumber=0, sharedBus="noSharing")


def data_disk_spec(disk: DataDiskPlan, datastore: str, controller: int = CONTROLLER) -> Ref:
    """Return a new second disk; ``controller`` is the key of the system disk's controller."""
    spec = _add_disk(disk.size_gb, datastore)
    spec.device.key, spec.device.controllerKey, spec.device.unitNumber = DATA_DISK, controller, 1
    return spec


def _disks(devices: list[Ref]) -> list[Ref]:
    """Return the disks in the order of their places: the system's, then the data's."""
    disks = [device for device in devices if isinstance(device, vim.vm.device.VirtualDisk)]
    return sorted(disks, key=lambda disk: int(disk.unitNumber))


def _grown(disk: Ref, size_gb: int) -> Ref:
    disk.capacityInKB = size_gb * KB_PER_GB
    disk.capacityInBytes = size_gb * KB_PER_GB * 1024  # the host takes this one when both are given
    return vim.vm.device.VirtualDeviceSpec(operation="edit", device=disk)


def _add_disk(disk_gb: int, datastore: str) -> Ref:
    """Return a thick lazy disk: a full datastore must not be able to stop all VMs."""
    disk = vim.vm.device.VirtualDisk
    backing = disk.FlatVer2BackingInfo(
        fileName=f"[{datastore}]", diskMode="persistent", thinProvisioned=False, eagerlyScrub=False
    )
    device = disk(key=DISK, controllerKey=CONTROLLER, unitNumber=0, capacityInKB=disk_gb * KB_PER_GB, backing=backing)
    spec = _add(device)
    spec.fileOperation = "create"
    return spec


def _backing(port_group: str) -> Ref:
    return vim.vm.device.VirtualEthernetCard.NetworkBackingInfo(deviceName=port_group)


def _nic(wish: VmWish) -> Ref:
    kind = vim.vm.device.VirtualE1000e if _windows(wish) else vim.vm.device.VirtualVmxnet3
    link = vim.vm.device.VirtualDevice.ConnectInfo(startConnected=True, connected=True, allowGuestControl=False)
    return kind(
        key=NIC,
        addressType="manual",
        macAddress=wish.plan.mac,
        wakeOnLanEnabled=False,
        connectable=link,
        backing=_backing(wish.plan.port_group),
    )


def cdrom_specs(images: tuple[str, ...]) -> list[Ref]:
    """Return an AHCI controller and one drive for each ISO, in this order (IDE would want a filled master first)."""
    drive = vim.vm.device.VirtualCdrom
    link = vim.vm.device.VirtualDevice.ConnectInfo(startConnected=True, connected=True, allowGuestControl=False)
    drives = [
        drive(key=CDROM - unit, controllerKey=AHCI, unitNumber=unit, connectable=link,
              backing=drive.IsoBackingInfo(fileName=image))
        for unit, image in enumerate(images)
    ]  # fmt: skip
    return [_add(device) for device in (vim.vm.device.VirtualAHCIController(key=AHCI, busNumber=0), *drives)]


def cdrom_removal_specs(devices: list[Ref]) -> list[Ref]:
    """Return what takes every CD drive off the VM, with the AHCI controller that held them."""
    removed = (vim.vm.device.VirtualCdrom, vim.vm.device.VirtualAHCIController)
    return [
        vim.vm.device.VirtualDeviceSpec(operation="remove", device=device)
        for kind in removed  # a controller goes after what hangs on it
        for device in devices
        if isinstance(device, kind)
    ]


def cdrom_emptying_specs(devices: list[Ref]) -> list[Ref]:
    """Return what leaves every CD drive empty and disconnected, with nothing a guest could connect it to."""
    drives = [device for device in devices if isinstance(device, vim.vm.device.VirtualCdrom)]
    specs = []
    for drive in drives:
        drive.backing = vim.vm.device.VirtualCdrom.RemotePassthroughBackingInfo(deviceName="", exclusive=False)
        drive.connectable = vim.vm.device.VirtualDevice.ConnectInfo(
            startConnected=False, connected=False, allowGuestControl=False
        )
        specs.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=drive))
    return specs


def reconfigure_spec(step: Reconfigure, devices: list[Ref]) -> Ref:
    """Return a spec with only what changes; ``devices`` are the VM's present ones. May hold secrets."""
    spec = vim.vm.ConfigSpec(extraConfig=option_values(dict(step.options)), deviceChange=[])
    if step.cpus is not None:
        spec.numCPUs = spec.numCoresPerSocket = step.cpus
    if step.memory_mb is not None:
        spec.memoryMB = step.memory_mb
    if step.guest_id is not None:
        spec.guestId = step.guest_id
    edited = vim.vm.device.VirtualDeviceSpec
    if step.disk_gb is not None:
        spec.deviceChange.append(_grown(_disks(devices)[0], step.disk_gb))
    if step.data_disk_gb is not None:
        spec.deviceChange.append(_grown(_disks(devices)[1], step.data_disk_gb))
    if step.port_group is not None:
        nic = next(device for device in devices if isinstance(device, vim.vm.device.VirtualEthernetCard))
        nic.backing = _backing(step.port_group)
        spec.deviceChange.append(edited(operation="edit", device=nic))
    if step.usb_device is not None:
        spec.deviceChange += usb_specs(step.usb_device, devices)
    if step.cdroms:
        spec.deviceChange += [*cdrom_removal_specs(devices), *cdrom_specs(step.cdroms)]
    return spec


def autostart_spec(step: Autostart, vms: dict[str, Ref]) -> Ref:
    """Return the whole start sequence 1..n in one spec."""
    manager = vim.host.AutoStartManager
    return manager.Config(
        defaults=manager.SystemDefaults(
            enabled=True, startDelay=120, stopDelay=120, waitForHeartbeat=True, stopAction="guestShutdown"
        ),
        powerInfo=[
            manager.AutoPowerInfo(
                key=vms[row.vm],
                startOrder=row.order,
                startDelay=row.start_delay_s,
                waitForHeartbeat=row.wait_for_heartbeat,
                startAction=row.start_action,
                stopDelay=row.stop_delay_s,
                stopAction=row.stop_action,
            )
            for row in step.rows
        ],
    )
