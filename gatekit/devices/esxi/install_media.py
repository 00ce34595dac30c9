"""ISOs on the host's datastore: laid there, judged there, taken off the VM and deleted."""

from __future__ import annotations

import base64
import hashlib
import http.client
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, urlencode

from gatekit.devices.esxi.faults import connection_error
from gatekit.devices.esxi.inventory import datacenter
from gatekit.devices.esxi.session import SOCKET_TIMEOUT_S, ConnectionFailure, Session, Target, trusted_context
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_spec import cdrom_emptying_specs, cdrom_removal_specs
from gatekit.devices.esxi.vm_state import InstallMedia
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError, IntentError

__all__ = ["boot_from_cd", "datastore_file", "is_there", "remove_media", "upload_answer"]

log = logging.getLogger(__name__)

BLOCK_BYTES = 1 << 20
SPACE = (0x2C << 16) | 7
"""USB HID usage of the space bar in the form PutUsbScanCodes takes (reference B.1.7)."""
KEY_PRESSES = 15
"""One a second: "Press any key to boot from CD or DVD" stands for some seconds only."""
TASK_LIMIT_S = 60.0


def upload_answer(session: Session, media: InstallMedia) -> None:
    """Lay the answer ISO on the datastore; the installation ISO there is judged first.

    Raises:
        IntentError: GW142 the installation ISO has another sha256.
        DeviceError: GW407 it is not on the datastore, GW410 the host did not take the file.
    """
    target = session.target
    if media.installation is not None:
        _judge(target, media.installation, media.sha256)
    folder = media.answer.rpartition("/")[0]
    manager, centre = session.content.fileManager, datacenter(session)
    try:
        session.write("answer_folder", lambda: manager.MakeDirectory(folder, centre, createParentDirectories=True))
    except DeviceError as error:
        if error.code != "GW409":  # it is there already
            raise
    with _answer(target, "PUT", media.answer, media.content) as answer:
        if answer.status not in {200, 201}:
            fix = "Look at the host's datastore: is it writable and not full?"
            raise DeviceError("GW410", f"{target.name}.{media.answer}", f"HTTP {answer.status}", fix)


def datastore_file(session: Session, path: str) -> bytes:
    """Return the content of ``[datastore] path``; DeviceError GW407 when it is not there."""
    with _answer(session.target, "GET", path) as answer:
        _require_there(session.name, path, answer.status)
        return answer.read()


def is_there(session: Session, path: str) -> bool:
    """Return whether ``[datastore] path`` is a file on the host."""
    with _answer(session.target, "HEAD", path) as answer:
        return answer.status == http.client.OK


def remove_media(session: Session, vm: Ref, answer: str) -> None:
    """Take every CD drive off the VM, then delete the answer ISO.

    A host removes no drive from a running VM: there the drives are emptied and disconnected.
    """
    devices = session.read("cdroms", lambda: list(vm.config.hardware.device))
    running = session.read("power", lambda: str(vm.runtime.powerState)) == "poweredOn"
    specs = cdrom_emptying_specs(devices) if running else cdrom_removal_specs(devices)
    if specs:
        change = vim.vm.ConfigSpec(deviceChange=specs)
        _done(session, "detach", lambda: vm.ReconfigVM_Task(change))
    manager, centre = session.content.fileManager, datacenter(session)
    try:
        _done(session, "delete_answer", lambda: manager.DeleteDatastoreFile_Task(answer, centre))
    except DeviceError as error:
        if error.code != "GW407":  # it is gone already
            raise


def boot_from_cd(session: Session, vms: Mapping[str, Ref], sleep: Callable[[float], None] = time.sleep) -> None:
    """Press a key on each VM's keyboard until the question whether to boot from the CD is over."""
    if not vms:
        return
    keys = vim.UsbScanCodeSpec(keyEvents=[vim.UsbScanCodeSpec.KeyEvent(usbHidCode=SPACE)])
    for _ in range(KEY_PRESSES):
        sleep(1.0)
        for name, vm in vms.items():
            session.write(f"{name}.key", lambda vm=vm: vm.PutUsbScanCodes(keys))  # type: ignore[misc]  # mypy: lambda default


def _done(session: Session, what: str, start: Callable[[], Ref]) -> None:
    finish(session, [Started(what, session.write(what, start))], TASK_LIMIT_S)


def _judge(target: Target, path: str, sha256: str) -> None:
    """Read an ISO of some gigabytes where the VM will read it: only that copy counts."""
    digest = hashlib.sha256()
    with _answer(target, "GET", path) as answer:
        _require_there(target.name, path, answer.status)
        while block := answer.read(BLOCK_BYTES):
            digest.update(block)
    if digest.hexdigest() != sha256:
        fix = f"{sha256} is wanted: lay the right ISO on the datastore, or correct the site file."
        raise IntentError("GW142", "windows.installation_media.sha256", digest.hexdigest(), fix)


def _require_there(host: str, path: str, status: int) -> None:
    if status != http.client.OK:
        fix = "Upload the ISO to the datastore under exactly this path, then run again."
        raise DeviceError("GW407", f"{host}.{path}", f"HTTP {status}", fix)


@contextmanager
def _answer(target: Target, verb: str, path: str, body: bytes | None = None) -> Iterator[http.client.HTTPResponse]:
    store, _, file = path.removeprefix("[").partition("] ")
    place = urlencode({"dcPath": "ha-datacenter", "dsName": store})
    login = base64.b64encode(f"{target.user}:{target.password}".encode()).decode()
    context = trusted_context(target.trusted_pem, pinned=target.pinned)
    connection = http.client.HTTPSConnection(target.address, target.port, timeout=SOCKET_TIMEOUT_S, context=context)
    try:
        connection.request(verb, f"/folder/{quote(file)}?{place}", body, {"Authorization": f"Basic {login}"})
        yield connection.getresponse()
    except ConnectionFailure as error:
        raise connection_error(error, f"{target.name}.{path}") from error
    finally:
        connection.close()
