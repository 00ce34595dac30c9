"""Reads the virtual machines and what they need of the host."""

from __future__ import annotations

from typing import Any, cast

from gatekit.devices.esxi.inventory import compute_resource, datacenter, host_system
from gatekit.devices.esxi.session import Reading, Session
from gatekit.devices.esxi.vm_state import AutostartState, Nic, Site, VmState
from gatekit.devices.esxi.vm_usb import usb_ids
from gatekit.devices.esxi.vmomi import Ref, vim

__all__ = ["observe_site", "vm_refs", "vm_states"]

VM_PATHS = (
    "name",
    "config.guestId",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.hardware.device",
    "config.extraConfig",
    "runtime.powerState",
    "runtime.question",
    "guest.toolsRunningStatus",
    "guest.net",
)
KB_PER_GB = 1024 * 1024


def vm_refs(session: Session) -> list[Ref]:
    """Return the host's VMs."""
    return list(session.read("vms", lambda: datacenter(session).vmFolder.childEntity))


def vm_states(session: Session, refs: list[Ref]) -> dict[str, tuple[Ref, VmState]]:
    """Return the state of each VM by its name, read in one request."""
    found = session.properties("vms", vim.VirtualMachine, refs, VM_PATHS)
    states = [(ref, parse_vm(reading)) for ref, reading in found]
    return {state.name: (ref, state) for ref, state in states}


def observe_site(session: Session) -> Site:
    """Return the VMs, and of the host what they hang on.

    Raises:
        DeviceError: GW402, GW403, GW404 from the session.
    """
    host = host_system(session)
    paths = ("config.network.portgroup", "hardware.memorySize", "configManager.autoStartManager")
    raw = cast("dict[str, Any]", session.properties("config", vim.HostSystem, [host], paths)[0][1])
    stores = session.read("datastores", lambda: list(compute_resource(session).datastore))
    names = [reading["name"] for _, reading in session.properties("datastores", vim.Datastore, stores, ("name",))]
    states = vm_states(session, vm_refs(session))
    manager = raw["configManager.autoStartManager"]
    config = session.read("autostart", lambda: manager.config)
    by_ref = {str(ref): name for name, (ref, _) in states.items()}
    return Site(
        vms=tuple(state for _, state in states.values()),
        port_groups=tuple(p.spec.name for p in raw.get("config.network.portgroup", ())),
        datastores=tuple(str(name) for name in names),
        memory_mb=int(raw["hardware.memorySize"]) // (1024 * 1024),
        autostart_enabled=bool(config.defaults and config.defaults.enabled),
        autostart=_sequence(config, by_ref),
    )


def _sequence(config: Any, names: dict[str, str]) -> tuple[AutostartState, ...]:
    rows = [
        AutostartState(
            names.get(str(row.key), str(row.key)),
            int(row.startOrder),
            int(row.startDelay),
            int(row.stopDelay),
            str(row.startAction),
            str(row.stopAction),
            str(row.waitForHeartbeat),
        )
        for row in config.powerInfo or ()
    ]
    return tuple(sorted(rows, key=lambda row: row.order))


def parse_vm(reading: Reading) -> VmState:
    """Return one VM's state from the properties as the host gives them."""
    raw = cast("dict[str, Any]", reading)
    devices = raw.get("config.hardware.device", ())
    disks_gb = _disks_gb(devices)
    question = raw.get("runtime.question")
    return VmState(
        name=str(raw["name"]),
        powered_on=str(raw.get("runtime.powerState")) == "poweredOn",
        guest_id=str(raw.get("config.guestId", "")),
        cpus=int(raw.get("config.hardware.numCPU", 0)),
        memory_mb=int(raw.get("config.hardware.memoryMB", 0)),
        disk_gb=disks_gb[0] if disks_gb else None,
        data_disk_gb=disks_gb[1] if len(disks_gb) > 1 else None,
        nic=_nic(devices),
        options={option.key: str(option.value) for option in raw.get("config.extraConfig", ())},
        tools_running=str(raw.get("guest.toolsRunningStatus")) == "guestToolsRunning",
        addresses=tuple(_addresses(raw.get("guest.net", ()))),
        question=str(question.text) if question is not None else None,
        cdroms=_cdroms(devices),
        usb_devices=usb_ids(devices),
    )


def _disks_gb(devices: Any) -> list[int]:
    """Return the size of each disk in the order of their places on the controller."""
    disks = [device for device in devices if isinstance(device, vim.vm.device.VirtualDisk)]
    return [int(disk.capacityInKB) // KB_PER_GB for disk in sorted(disks, key=lambda disk: disk.unitNumber)]


def _cdroms(devices: Any) -> tuple[str, ...]:
    """Return the ISO files in the drives; an empty drive has none."""
    drives = [device for device in devices if isinstance(device, vim.vm.device.VirtualCdrom)]
    drives.sort(key=lambda drive: (drive.controllerKey, drive.unitNumber))
    files = (getattr(drive.backing, "fileName", "") for drive in drives)
    return tuple(str(name) for name in files if name)


def _nic(devices: Any) -> Nic | None:
    for device in devices:
        if isinstance(device, vim.vm.device.VirtualEthernetCard):
            return Nic(str(getattr(device.backing, "deviceName", "")), str(device.macAddress).lower())
    return None


def _addresses(nics: Any) -> list[tuple[str, str]]:
    return [
        (str(nic.macAddress).lower(), str(entry.ipAddress))
        for nic in nics
        for entry in getattr(getattr(nic, "ipConfig", None), "ipAddress", None) or ()
    ]
