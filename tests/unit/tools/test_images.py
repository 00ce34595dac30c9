"""The image's documents: the same input gives the same bytes, and each says what is in the disk."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.sites import data_centre
from tools.images.archive import sha256_of, write_ova
from tools.images.bill_of_materials import Package, bill_of_materials, installed_packages
from tools.images.descriptor import Disk, descriptor
from tools.images.disk import set_content_id
from tools.images.tree import MIRROR_KEY, RECIPE
from twin.image_build import base_packages

OVF = "{http://schemas.dmtf.org/ovf/envelope/1}"
RASD = "{http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData}"
VMW = "{http://www.vmware.com/schema/ovf}"
STATUS = """\
Package: zstd
Status: install ok installed
Architecture: amd64
Source: libzstd (1.5.7-1)
Version: 1.5.7+dfsg-1
Description: fast
 Version: not a field

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
"""
PACKAGES = (
    Package("adduser", "3.152", "all", "adduser"),
    Package("zstd", "1.5.7+dfsg-1", "amd64", "libzstd"),
)


def tree(folder: Path) -> Path:
    path = folder / "root.tar"
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("./var/lib/dpkg/status")
        member.size = len(STATUS)
        archive.addfile(member, io.BytesIO(STATUS.encode()))
    return path


def test_the_packages_are_those_that_dpkg_has_installed(tmp_path: Path) -> None:
    assert installed_packages(tree(tmp_path)) == PACKAGES


def test_the_bill_of_materials_is_valid_and_the_same_for_the_same_packages() -> None:
    text = bill_of_materials("image", "1", 0, PACKAGES)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == bill_of_materials("image", "1", 0, PACKAGES)
    document = json.loads(text)
    assert document["components"][1]["purl"] == "pkg:deb/debian/zstd@1.5.7%2Bdfsg-1?arch=amd64&distro=debian-13"
    assert document["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    assert document["serialNumber"] != json.loads(bill_of_materials("image", "2", 0, PACKAGES))["serialNumber"]


def test_the_descriptor_boots_by_efi_with_secure_boot_on_the_drivers_of_the_kernel() -> None:
    root = ET.fromstring(descriptor("image", "1", "vmx-20", Disk("disk.vmdk", 1234, 3072)))  # noqa: S314 - our own text
    file, disk = root.find(f".//{OVF}File"), root.find(f".//{OVF}Disk")
    assert file is not None
    assert disk is not None
    assert (file.get(f"{OVF}href"), file.get(f"{OVF}size")) == ("disk.vmdk", "1234")
    assert (disk.get(f"{OVF}capacity"), disk.get(f"{OVF}capacityAllocationUnits")) == ("3072", "byte * 2^20")
    kinds = {item.findtext(f"{RASD}ResourceSubType") for item in root.iter(f"{OVF}Item")}
    assert kinds == {None, "VirtualSCSI", "VmxNet3"}
    settings = {row.get(f"{VMW}key"): row.get(f"{VMW}value") for row in root.iter(f"{VMW}Config")}
    assert settings == {"firmware": "efi", "bootOptions.efiSecureBootEnabled": "true"}


def test_the_ova_follows_from_its_parts_alone(tmp_path: Path) -> None:
    sums = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        disk = tmp_path / name / "disk.vmdk"
        disk.write_bytes(b"disk" * 1000)
        write_ova(tmp_path / name / "image.ova", "image", "<ovf/>", disk, epoch=1)
        sums.append(sha256_of(tmp_path / name / "image.ova"))
    assert sums[0] == sums[1]
    with tarfile.open(tmp_path / "one" / "image.ova") as archive:
        assert [(member.name, member.mtime, member.uid) for member in archive] == [
            ("image.ovf", 1, 0),
            ("image.mf", 1, 0),
            ("disk.vmdk", 1, 0),
        ]


@pytest.mark.parametrize("random", ["aef93e0c", "ef93e0c"], ids=["eight-digits", "a-leading-zero-less"])
def test_the_random_content_id_is_replaced_and_nothing_else(tmp_path: Path, random: str) -> None:
    disk = tmp_path / "disk.vmdk"

    def content(content_id: str) -> bytes:
        text = f"version=1\nCID={content_id}\nparentCID=ffffffff\n".encode()
        return b"KDMV".ljust(512, b"\0") + text.ljust(10240, b"\0") + b"data" * 99

    disk.write_bytes(content(random))
    set_content_id(disk, "1234abcd")
    assert disk.read_bytes() == content("1234abcd")
    disk.write_bytes(content("none"))
    with pytest.raises(ValueError, match="not exactly one content id"):
        set_content_id(disk, "1234abcd")


def test_ap_2_the_image_is_the_twins_base_with_a_kernel_and_what_esxi_needs() -> None:
    own = (RECIPE / "packages").read_text().split()
    assert own == sorted(set(own) - set(base_packages()))
    assert {"linux-image-amd64", "open-vm-tools", "shim-signed", "grub-efi-amd64-signed"} <= set(own)
    assert "cloud-init" in base_packages()


def test_the_guests_look_for_the_mirrors_key_where_the_image_has_it() -> None:
    assert data_centre().mirror.signed_by == MIRROR_KEY


def test_the_boot_loader_finds_the_root_by_the_label_that_the_recipe_gives() -> None:
    label = "gatekit-root"
    for name in ("grub.cfg", "assemble.sh", "root/etc/fstab"):
        assert label in (RECIPE / name).read_text()
