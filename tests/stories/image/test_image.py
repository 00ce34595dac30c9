"""The image of our Linux VMs: built twice, the same bytes; booted once, as a host does, and logged in to."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from gatekit.devices.esxi.ova import OvaFile
from gatekit.devices.esxi.ova_import import import_vm
from gatekit.devices.esxi.vm_read import observe_site
from gatekit.plan.appliance import DataDiskPlan
from gatekit.render.cloud_init import FirstBoot
from gatekit.render.cloud_init.user_data import DATA_DISK_LABEL
from tests.sites import ROOT, example_plan
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator, ssh_key
from tests.stories.image import machine
from tools.images.archive import sha256_of

pytestmark = pytest.mark.story

OVA, BILL = "gatekit-debian13.ova", "gatekit-debian13.cdx.json"


def _build(output: Path) -> None:
    command = [sys.executable, "-m", "tools.images", "--output", str(output)]
    subprocess.run(command, cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two builds beside each other, in folders of different names."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("the-second-build")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_build, (first, second)))
    return first, second


def test_ap_1_two_builds_of_the_image_have_the_same_sha256(builds: tuple[Path, Path]) -> None:
    first, second = ((folder / "SHA256SUMS").read_text() for folder in builds)
    assert first == second
    assert {line.split()[1] for line in first.splitlines()} == {OVA, BILL}
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=builds[0], check=True)


def test_the_ova_is_in_the_standards_order_and_its_manifest_is_true(builds: tuple[Path, Path]) -> None:
    with tarfile.open(builds[0] / OVA) as archive:
        assert archive.getnames() == ["gatekit-debian13.ovf", "gatekit-debian13.mf", "disk.vmdk"]
        manifest = archive.extractfile("gatekit-debian13.mf")
        assert manifest is not None
        for line in manifest.read().decode().splitlines():
            name, _, digest = line.removeprefix("SHA256(").partition(")= ")
            member = archive.extractfile(name)
            assert member is not None
            assert hashlib.file_digest(member, "sha256").hexdigest() == digest  # type: ignore[arg-type]  # a binary file


def test_the_bill_of_materials_is_valid_and_names_the_kernel_and_the_tools(builds: tuple[Path, Path]) -> None:
    text = (builds[0] / BILL).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    names = {component["name"] for component in json.loads(text)["components"]}
    assert {"linux-image-amd64", "open-vm-tools", "cloud-init", "openssh-server", "shim-signed"} <= names


def test_ap_1_the_host_takes_the_image_and_makes_the_planned_vm_of_it(
    builds: tuple[Path, Path], esxi: Simulator
) -> None:
    wish = site.wish(site.plan().vm("vm1"))
    image = OvaFile(builds[0] / OVA, sha256_of(builds[0] / OVA))
    with site.session(esxi) as session:
        site.build_host(session)
        import_vm(session, wish, image, site.host_plan().datastore, 60)
        vm = observe_site(session).vm("vm1")
    assert vm is not None
    assert (vm.half_imported, vm.disk_gb, vm.powered_on) == (False, wish.plan.disk_gb, False)


def test_ap_1_the_disk_boots_with_secure_boot_and_the_operator_logs_in(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    data = DataDiskPlan(size_gb=1, folder="/srv/archive")
    vm = example_plan("pattern4").vm("vm1").model_copy(update={"data_disk": data})
    (private, public), (host_key, _) = ssh_key(), ssh_key()
    identity = tmp_path / "operator"
    identity.touch(mode=0o600)
    identity.write_text(private)
    started = time.monotonic()
    with machine.boot(tmp_path, builds[0] / OVA, vm, FirstBoot((public,), host_key)) as booted:
        booted.await_login(vm, host_key, identity)
        took_s = time.monotonic() - started

        def said(command: str) -> str:
            done = booted.ssh(vm, host_key, identity, command)
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        assert json.loads(said("cloud-init status --wait --format json"))["status"] == "done"
        assert said("hostname") == vm.host_name
        assert f"{vm.address}/{vm.prefix_length}" in said("ip -4 -brief address show dmz0")
        assert said("sudo dmesg | grep -io 'secure boot enabled' | sort -u").lower() == "secure boot enabled"
        assert int(said("df --output=size -BM / | tail -1").rstrip("M")) > 7000, "the root grows to the disk"
        assert said("sudo getent shadow | awk -F: '$2 !~ /^[!*]/ {print $1}'") == "", "no account has a password"
        assert said("ls /etc/ssh/ssh_host_*_key") == "/etc/ssh/ssh_host_ed25519_key"
        assert said("systemctl is-enabled open-vm-tools") == "enabled"
        assert said(f"findmnt --noheadings --output FSTYPE,LABEL {data.folder}").split() == ["ext4", DATA_DISK_LABEL]
        assert said("systemctl --failed --plain --no-legend") == ""
        kernel = said("uname -r")
    assert "Linux version" in booted.console()
    record = ROOT / "build" / "images" / "boot-test.log"
    record.parent.mkdir(parents=True, exist_ok=True)
    with record.open("a") as file:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        said_once = f"kernel {kernel}, Secure Boot, {vm.operator} in by SSH after {took_s:.0f} s"
        file.write(f"{now} {sha256_of(builds[0] / OVA)} {said_once}\n")
