"""What a VM's disks are made from and for: the image, and a disk of the archive's own."""

from __future__ import annotations

from gatekit.intent.load import Intent, load_intent
from gatekit.intent.operation import Artefact
from gatekit.plan.appliance import VmPlan
from gatekit.plan.make import make_plan
from tests.sites import example_folder

IMAGE = Artefact(path="gatekit-debian13.ova", sha256="0" * 64)


def vms(**appliance: object) -> tuple[VmPlan, ...]:
    intent = load_intent(example_folder("pattern4"))
    changed = intent.site.appliance.model_copy(update=appliance)
    site = intent.site.model_copy(update={"appliance": changed})
    return make_plan(Intent(site=site, data_centre=intent.data_centre)).vms


def test_ap_2_both_linux_vms_are_made_from_the_sites_image() -> None:
    assert [vm.image is not None and vm.image.path for vm in vms(linux_image=IMAGE)] == [IMAGE.path, IMAGE.path, False]
    assert [vm.image for vm in vms()] == [None] * 3


def test_ap_2_a_disk_of_the_archives_own_is_mounted_where_vm1_keeps_its_studies() -> None:
    first, *others = vms(archive_disk_gb=4000)
    assert first.data_disk is not None
    intent = load_intent(example_folder("pattern4"))
    assert (first.data_disk.size_gb, first.data_disk.folder) == (4000, make_plan(intent).vm1.archive.storage_folder)
    assert [vm.data_disk for vm in (*others, *vms())] == [None] * 5
