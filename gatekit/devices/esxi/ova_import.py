"""Makes a virtual machine from an OVA, as planned from the start, through the host's lease (reference A.4.2).

The VM bears a mark until its disk is whole: a run that is cut off leaves a VM that the next run throws away,
never one that is started with half a disk.
"""

from __future__ import annotations

import http.client
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from gatekit.devices.esxi.faults import connection_error, translate
from gatekit.devices.esxi.inventory import compute_resource, datacenter, host_system
from gatekit.devices.esxi.ova import Ova, OvaFile, opened
from gatekit.devices.esxi.session import Session, trusted_context
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_spec import create_spec, data_disk_spec, option_values, reconfigure_spec
from gatekit.devices.esxi.vm_state import IMPORTING, VmWish
from gatekit.devices.esxi.vm_steps import Reconfigure
from gatekit.devices.esxi.vmomi import MethodFault, Ref, vim
from gatekit.errors import DeviceError

__all__ = ["import_vm", "remove_unfinished"]

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 20
PROGRESS_EVERY_S = 10.0  # the host gives a lease up after 300 s without a word
POLL_S = 0.25
SOCKET_TIMEOUT_S = 300.0  # the host answers when the whole disk is written
OVF = "http://schemas.dmtf.org/ovf/envelope/1"
STREAM = "application/x-vnd.vmware-streamVmdk"
TAKEN_FROM_PLAN = (
    "name", "guestId", "version", "firmware", "numCPUs", "numCoresPerSocket", "memoryMB", "annotation", "files",
    "bootOptions", "tools", "flags", "extraConfig",
)  # fmt: skip
"""Fields of the host's import spec that our own spec of a new VM replaces; its disk and controller stay."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the VM goes."""

    pool: Ref
    folder: Ref
    host: Ref
    datastore: Ref
    network: Ref


def import_vm(session: Session, wish: VmWish, image: OvaFile, datastore: str, deadline_s: float) -> None:
    """Make the wished VM, switched off, with its first-boot data, on a disk from the OVA grown to the plan's size.

    Nothing of it is left when this fails.

    Raises:
        IntentError: GW142 or GW145, not the right OVA.
        DeviceError: GW406 the host does not take the descriptor; GW402 the connection broke or the time is over;
            else the meaning of the host's fault.
    """
    image.require()
    what = f"{wish.plan.name}.import"
    place = _place(session, wish, datastore)
    with opened(image) as ova:
        spec, device_id = _import_spec(session, what, ova, wish, datastore, place)
        lease = session.write(what, lambda: place.pool.ImportVApp(spec, place.folder, place.host))
        end = time.monotonic() + deadline_s
        try:
            info = _await_ready(session, what, lease, end)
            _upload(session, what, lease, _disk_url(session, what, info, device_id), ova)
            session.write(what, lease.HttpNfcLeaseComplete)
            _complete(session, what, info.entity, wish, datastore, deadline_s)
        except BaseException:
            _give_up(session, what, lease, wish.plan.name, deadline_s)
            raise
    log.info("%s: %s: %d MB", session.name, what, ova.disk_bytes >> 20)


def _place(session: Session, wish: VmWish, datastore: str) -> _Place:
    compute, centre = compute_resource(session), datacenter(session)
    networks = session.read("inventory", lambda: list(centre.networkFolder.childEntity))

    def named(kind: Ref, refs: list[Ref], name: str) -> Ref:
        found = session.properties("inventory", kind, refs, ("name",))
        for ref, reading in found:
            if reading["name"] == name:
                return ref
        raise DeviceError("GW407", f"{session.name}.{wish.plan.name}.import", name, "Let esxi_host make it first.")

    return _Place(
        pool=session.read("inventory", lambda: compute.resourcePool),
        folder=session.read("inventory", lambda: centre.vmFolder),
        host=host_system(session),
        datastore=named(vim.Datastore, session.read("inventory", lambda: list(compute.datastore)), datastore),
        network=named(vim.Network, networks, wish.plan.port_group),
    )


def _import_spec(session: Session, what: str, ova: Ova, wish: VmWish, datastore: str, place: _Place) -> tuple[Ref, str]:
    """Return the spec to import, with the plan's facts, and the host's name for the disk in it. Holds secrets."""
    manager = session.content.ovfManager
    parameters = vim.OvfManager.CreateImportSpecParams(
        entityName=wish.plan.name,
        diskProvisioning="thick",  # lazily zeroed, as every disk of ours: see vm_spec
        networkMapping=[vim.OvfManager.NetworkMapping(name=_network_name(ova), network=place.network)],
        locale="US",
        deploymentOption="",
    )
    made = session.read(what, lambda: manager.CreateImportSpec(ova.descriptor, place.pool, place.datastore, parameters))
    refused = [str(fault.localizedMessage or type(fault.fault).__name__) for fault in made.error or ()]
    items = [item for item in made.fileItem or () if item.path == ova.disk_name]
    if refused or len(items) != 1 or made.importSpec is None:
        fix = "Build the OVA anew with tools/image; this host does not take it."
        raise DeviceError("GW406", f"{session.name}.{what}", refused or "no place for the disk", fix)
    for warning in made.warning or ():
        log.warning("%s: %s: %s", session.name, what, warning.localizedMessage)
    _as_planned(made.importSpec.configSpec, create_spec(wish, datastore))
    return made.importSpec, str(items[0].deviceId)


def _network_name(ova: Ova) -> str:
    """Return the name of the descriptor's one network; our own NIC replaces it in the spec."""
    envelope = ET.fromstring(ova.descriptor)  # noqa: S314 - the OVA is the very file the site file names
    network = envelope.find(f".//{{{OVF}}}Network")
    return network.get(f"{{{OVF}}}name", "") if network is not None else ""


def _as_planned(config: Ref, wanted: Ref) -> None:
    """Put the plan's facts into the host's spec: the VM is right from its first moment, its MAC included."""
    for name in TAKEN_FROM_PLAN:
        setattr(config, name, getattr(wanted, name))
    config.extraConfig += option_values({IMPORTING: "yes"})
    ethernet = vim.vm.device.VirtualEthernetCard
    (ours,) = (change.device for change in wanted.deviceChange if isinstance(change.device, ethernet))
    for change in config.deviceChange:
        if isinstance(change.device, ethernet):
            ours.key = change.device.key
            change.device = ours


def _await_ready(session: Session, what: str, lease: Ref, end: float) -> Any:
    """Return the lease's facts once the host is ready to take the disk."""
    while True:
        paths = ("state", "info", "error")
        ((_, reading),) = session.properties(what, vim.HttpNfcLease, [lease], paths)
        state = str(reading.get("state"))
        if state == "ready":
            return reading["info"]
        if state == "error":
            fault: Any = reading.get("error")
            raise translate(getattr(fault, "fault", fault), f"{session.name}.{what}")
        if time.monotonic() > end:
            raise DeviceError("GW402", f"{session.name}.{what}", state, "Look at the host's task list, then run again.")
        time.sleep(POLL_S)


def _disk_url(session: Session, what: str, info: Any, device_id: str) -> str:
    urls = [str(url.url) for url in info.deviceUrl or () if str(url.importKey) == device_id]
    if len(urls) != 1:
        keys = [str(url.importKey) for url in info.deviceUrl or ()]
        raise DeviceError("GW410", f"{session.name}.{what}", keys, f"The host names no place for {device_id}.")
    return urls[0]


def _upload(session: Session, what: str, lease: Ref, url: str, ova: Ova) -> None:
    """Send the disk over verified TLS, and tell the host how far it is."""
    target = session.target
    context = trusted_context(target.trusted_pem, pinned=target.pinned)
    parts = urlsplit(url.replace("*", target.address, 1))
    connection = http.client.HTTPSConnection(
        target.address, parts.port or target.port, timeout=SOCKET_TIMEOUT_S, context=context
    )
    headers = {"Content-Type": STREAM, "Content-Length": str(ova.disk_bytes), "Overwrite": "t"}

    def tell(percent: int) -> None:
        session.read(what, lambda: lease.HttpNfcLeaseProgress(percent))

    try:
        connection.request("POST", parts.path, _chunks(ova.disk, ova.disk_bytes, tell), headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise connection_error(error, f"{session.name}.{what}") from error
    finally:
        connection.close()
    if answer.status not in {http.client.OK, http.client.CREATED, http.client.NO_CONTENT}:
        said = f"{answer.status} {answer.reason}"
        raise DeviceError("GW410", f"{session.name}.{what}", said, "The host did not take the disk; see its hostd.log.")


def _chunks(disk: IO[bytes], size: int, tell: Callable[[int], None]) -> Iterator[bytes]:
    sent, told = 0, time.monotonic()
    while chunk := disk.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        if time.monotonic() - told > PROGRESS_EVERY_S:
            tell(min(99, sent * 100 // size))
            told = time.monotonic()


def _complete(session: Session, what: str, vm_ref: Ref, wish: VmWish, datastore: str, deadline_s: float) -> None:
    """Grow the disk to the plan's size, add what the image has not, and take the mark off, in one change."""
    plan = wish.plan
    step = Reconfigure(
        plan.name, None, None, None, disk_gb=plan.disk_gb, port_group=None, options=((IMPORTING, ""),),
        usb_device=plan.usb_device,
    )  # fmt: skip
    devices = session.read(what, lambda: list(vm_ref.config.hardware.device))
    spec = reconfigure_spec(step, devices)
    if plan.data_disk is not None:
        (system,) = (device for device in devices if isinstance(device, vim.vm.device.VirtualDisk))
        spec.deviceChange.append(data_disk_spec(plan.data_disk, datastore, system.controllerKey))
    task = session.write(what, lambda: vm_ref.ReconfigVM_Task(spec))
    finish(session, [Started(what, task)], deadline_s)


def _give_up(session: Session, what: str, lease: Ref, name: str, deadline_s: float) -> None:
    """End the lease, and remove the VM where the host has not done so. What fails here hides no earlier fault."""
    try:
        session.write(what, lease.HttpNfcLeaseAbort)
    except (DeviceError, MethodFault) as error:  # completed, or gone with the connection
        log.info("%s: %s: %s", session.name, what, error)
    try:
        remove_unfinished(session, name, deadline_s)
    except DeviceError as error:
        log.warning("%s: %s: left for the next run: %s", session.name, what, error)


def remove_unfinished(session: Session, name: str, deadline_s: float) -> None:
    """Remove the VM of that name if it still bears the mark of an import that has not ended.

    Raises:
        DeviceError: the meaning of the host's fault.
    """
    vms = session.read("vms", lambda: list(datacenter(session).vmFolder.childEntity))
    started = []
    for vm, reading in session.properties("vms", vim.VirtualMachine, vms, ("name", "config.extraConfig")):
        options: Any = reading.get("config.extraConfig") or ()
        marked = any(option.key == IMPORTING and option.value for option in options)
        if reading["name"] == name and marked:
            started.append(Started(f"{name}.remove", session.write(f"{name}.remove", vm.Destroy_Task)))
    finish(session, started, deadline_s)
