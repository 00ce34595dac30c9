"""The Linux VMs made from an OVA through the host's lease: right from the first moment, whole or not there at all."""

from __future__ import annotations

import hashlib
import http.client
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from gatekit.devices.esxi import ova_import
from gatekit.devices.esxi.ova import OvaFile
from gatekit.devices.esxi.vm_build import Deadlines, apply_vms
from gatekit.devices.esxi.vm_plan import Discard, plan_vms
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.devices.esxi.vm_state import SECRET_OPTIONS, FirstBootState, VmWish, Wishes
from gatekit.errors import DeviceError, IntentError
from gatekit.plan.appliance import DataDiskPlan, UsbDevicePlan
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator
from tools.images.archive import write_ova
from tools.images.descriptor import Disk, descriptor

pytestmark = pytest.mark.story

DISK = bytes(range(256)) * 16_384  # 4 MiB: the simulator takes any bytes
NAME = "gatekit-debian13"


@pytest.fixture(scope="module")
def ova(tmp_path_factory: pytest.TempPathFactory) -> OvaFile:
    folder = tmp_path_factory.mktemp("ova")
    (folder / "disk.vmdk").write_bytes(DISK)
    text = descriptor(NAME, "0123456789ab", "vmx-20", Disk("disk.vmdk", len(DISK), 3072))
    write_ova(folder / "image.ova", NAME, text, folder / "disk.vmdk", epoch=1)
    return file(folder / "image.ova")


def file(path: Path) -> OvaFile:
    return OvaFile(path, hashlib.sha256(path.read_bytes()).hexdigest())


def imported(ova: OvaFile) -> Wishes:
    """Return vm1 and vm2 from the OVA. No guest runs behind them, so nothing is waited for."""
    esxi = site.host_plan()
    vms = tuple(replace(site.wish(vm), image=ova) for vm in site.plan().vms if vm.ssh_host_key)
    rows = tuple(row for row in esxi.autostart if row.vm in {wish.plan.name for wish in vms})
    return Wishes(esxi.name, esxi.datastore, vms, rows)


def make(current: site.Session, wish: VmWish) -> None:
    assert wish.image is not None
    ova_import.import_vm(current, wish, wish.image, site.host_plan().datastore, 30)


def test_ap_1_a_vm_from_the_image_is_as_planned_before_its_first_start(esxi: Simulator, ova: OvaFile) -> None:
    (wish, _) = imported(ova).vms
    with site.session(esxi) as session:
        site.build_host(session)
        make(session, wish)
        vm = observe_site(session).vm("vm1")
    assert vm is not None
    assert vm.nic is not None
    assert (vm.powered_on, vm.cpus, vm.memory_mb, vm.disk_gb, vm.guest_id) == (
        False, wish.plan.cpus, wish.plan.memory_mb, wish.plan.disk_gb, wish.plan.guest_id,
    )  # fmt: skip
    assert (vm.nic.mac, vm.nic.port_group) == (wish.plan.mac, wish.plan.port_group)
    assert (vm.first_boot, vm.half_imported) == (FirstBootState.WAITING, False)


def test_the_disk_is_sent_whole_and_over_verified_tls(
    esxi: Simulator, ova: OvaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = hashlib.sha256()
    real = ova_import._chunks

    def noting(disk: IO[bytes], size: int, tell: object) -> Iterator[bytes]:
        for chunk in real(disk, size, tell):  # type: ignore[arg-type]  # passed on as it came
            sent.update(chunk)
            yield chunk

    monkeypatch.setattr(ova_import, "_chunks", noting)
    with site.session(esxi) as session:
        site.build_host(session)
        make(session, imported(ova).vms[0])
    assert sent.digest() == hashlib.sha256(DISK).digest()


def test_ap_1_the_run_after_an_import_only_starts_what_is_there_and_clears_the_user_data(
    esxi: Simulator, ova: OvaFile
) -> None:
    wishes = imported(ova)
    with site.session(esxi) as session:
        site.build_host(session)
        predicted = plan_vms(observe_site(session), wishes)
        with pytest.raises(DeviceError) as caught:  # nothing runs behind these VMs, so no guest reports itself
            apply_vms(session, predicted, wishes, Deadlines(task_s=30, import_s=30, guest_s=1))
        left = plan_vms(observe_site(session), wishes)
        found = observe_site(session).vm("vm1")
    assert caught.value.code == "GW415"
    assert found is not None
    assert found.powered_on
    assert set(SECRET_OPTIONS) <= set(found.options)
    assert left.lines() == [f'vm {name}: first_boot "waiting" -> "used"' for name in ("vm1", "vm2")]


def test_ap_2_the_data_disk_is_added_when_the_images_disk_is_whole(esxi: Simulator, ova: OvaFile) -> None:
    (wish, _) = imported(ova).vms
    data = DataDiskPlan(size_gb=4000, folder="/srv/archive")
    with site.session(esxi) as session:
        site.build_host(session)
        make(session, replace(wish, plan=wish.plan.model_copy(update={"data_disk": data})))
        vm = observe_site(session).vm("vm1")
    assert vm is not None
    assert (vm.disk_gb, vm.data_disk_gb) == (wish.plan.disk_gb, 4000)


def test_ap_5_a_vm2_from_the_image_has_the_ups_passed_through(esxi: Simulator, ova: OvaFile) -> None:
    (_, wish) = imported(ova).vms
    ups = UsbDevicePlan(vendor_id="051d", product_id="0003")
    with site.session(esxi) as session:
        site.build_host(session)
        make(session, replace(wish, plan=wish.plan.model_copy(update={"usb_device": ups})))
        vm = observe_site(session).vm("vm2")
    assert vm is not None
    assert (vm.usb_devices, vm.options["usb.generic.allowHID"]) == (("051d:0003",), "TRUE")


def _nothing_left(esxi: Simulator, wish: VmWish) -> None:
    with site.session(esxi) as session:
        assert observe_site(session).vms == ()
        make(session, wish)
        assert [vm.name for vm in observe_site(session).vms] == ["vm1"]


@pytest.mark.parametrize(
    ("method", "fault", "task", "code"),
    [
        pytest.param("ImportVApp", "RestrictedVersion", False, "GW405", id="free-licence"),
        pytest.param("HttpNfcLeaseComplete", "NoDiskSpace", False, "GW411", id="no-room-for-the-disk"),
        pytest.param("VirtualMachine.reconfigVm", "FileFault", True, "GW410", id="disk-cannot-grow"),
    ],
)
def test_a_fault_on_the_way_leaves_no_vm_and_the_next_run_makes_it(
    esxi: Simulator, ova: OvaFile, method: str, fault: str, task: bool, code: str
) -> None:
    (wish, _) = imported(ova).vms
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault(method, fault, task=task)
        with pytest.raises(DeviceError) as caught:
            make(session, wish)
    assert caught.value.code == code
    _nothing_left(esxi, wish)


def test_a_connection_that_breaks_in_the_middle_of_the_disk_leaves_no_vm(
    esxi: Simulator, ova: OvaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wish, _) = imported(ova).vms

    def breaking(disk: IO[bytes], size: int, tell: object) -> Iterator[bytes]:
        yield disk.read(size // 2)
        raise http.client.RemoteDisconnected("in the middle")

    with site.session(esxi) as session:
        site.build_host(session)
        with monkeypatch.context() as patch:
            patch.setattr(ova_import, "_chunks", breaking)
            with pytest.raises(DeviceError) as caught:
                make(session, wish)
    assert (caught.value.code, caught.value.path) == ("GW402", "gw-kita-esx.vm1.import")
    _nothing_left(esxi, wish)


def test_a_run_that_was_killed_leaves_a_vm_that_the_next_run_throws_away(
    esxi: Simulator, ova: OvaFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = imported(ova)

    class Killed(BaseException):
        """What no clean-up follows."""

    def killed(*_: object) -> None:
        raise Killed

    with site.session(esxi) as session:
        site.build_host(session)
        with monkeypatch.context() as patch:
            patch.setattr(ova_import, "_upload", killed)
            patch.setattr(ova_import, "_give_up", lambda *_: None)
            with pytest.raises(Killed):
                make(session, wishes.vms[0])
        left = observe_site(session).vm("vm1")
        changes = plan_vms(observe_site(session), wishes)
        with pytest.raises(DeviceError, match="GW415"):
            apply_vms(session, changes, wishes, Deadlines(task_s=30, import_s=30, guest_s=1))
        after = observe_site(session).vm("vm1")
    assert left is not None
    assert after is not None
    assert (left.half_imported, after.half_imported, after.powered_on) == (True, False, True)
    assert [change.step for change in changes.changes if isinstance(change.step, Discard)] == [Discard("vm1")]


def test_another_file_is_refused_before_the_host_hears_of_it(esxi: Simulator, ova: OvaFile, tmp_path: Path) -> None:
    other = tmp_path / "other.ova"
    other.write_bytes(ova.path.read_bytes() + b"\0")
    (tmp_path / "noise.ova").write_bytes(b"no archive" * 1000)
    with tarfile.open(tmp_path / "empty.ova", "w"):
        pass
    wish = imported(ova).vms[0]
    found = []
    with site.session(esxi) as session:
        site.build_host(session)
        for wanted in (replace(ova, path=other), file(tmp_path / "noise.ova"), file(tmp_path / "empty.ova")):
            with pytest.raises(IntentError) as caught:
                make(session, replace(wish, image=wanted))
            found.append(caught.value.facts[:2])
        assert observe_site(session).vms == ()
    assert found == [
        ("GW142", "appliance.linux_image.sha256"),
        ("GW145", "appliance.linux_image"),
        ("GW145", "appliance.linux_image"),
    ]
