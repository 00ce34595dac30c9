"""What VM1 runs follows from the site file and the catalogue."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.vm1 import vm1
from gatekit.intent.load import Intent, load_intent
from gatekit.intent.rules.names import OWN_PATHS
from gatekit.intent.systems import ApplicationDeployment, ArchiveDistribution, Dcm4cheeArchive
from gatekit.plan.make import make_plan
from gatekit.plan.vm1.model import Vm1Plan
from tests.refusals.case import INVENTORIES
from tests.sites import PATTERNS, example_plan

SHA256 = "ab" * 32


@pytest.fixture(scope="module")
def intent() -> Intent:
    return load_intent(INVENTORIES / "pattern4")


def changed(intent: Intent, **parts: object) -> Vm1Plan:
    site = intent.site.model_copy(update=parts)
    return make_plan(intent.model_copy(update={"site": site})).vm1


def dcm4chee(version: str) -> Dcm4cheeArchive:
    distribution = ArchiveDistribution.model_validate(
        {"path": f"dcm4chee-arc-{version}-psql.zip", "sha256": SHA256, "version": version}
    )
    return Dcm4cheeArchive(engine="dcm4chee", ae_title="KITA_GW", distribution=distribution)


@pytest.mark.parametrize("name", PATTERNS)
def test_ap_2_vm1_runs_wildfly_apache_an_archive_and_the_pacs_gateway(name: str) -> None:
    software = example_plan(name).vm1
    assert software.wildfly.version in vm1().wildfly.versions
    assert software.apache.address == example_plan(name).vm("vm1").address
    assert software.archive.ae_title == software.pacs_gateway.archive_ae_title
    assert {row.name for row in software.archive.nodes} == {row.name for row in software.pacs_gateway.sources}


@pytest.mark.parametrize("version", sorted(vm1().dcm4chee.versions))
def test_the_version_of_dcm4chee_decides_the_version_of_wildfly(intent: Intent, version: str) -> None:
    software = changed(intent, archive=dcm4chee(version))
    assert software.wildfly.version == vm1().dcm4chee.versions[version]
    assert software.wildfly.sha256 == vm1().wildfly.versions[software.wildfly.version]
    assert software.archive.distribution is not None
    assert software.archive.distribution.artefact.sha256 == SHA256


def test_only_dcm4chee_needs_the_directory(intent: Intent) -> None:
    assert changed(intent).directory is None
    assert changed(intent, archive=dcm4chee("5.34.3")).directory is not None
    assert "directory_password" in changed(intent, archive=dcm4chee("5.34.3")).secrets()
    assert "directory_password" not in changed(intent).secrets()


def test_every_backend_of_apache_is_a_loopback_port_of_ours(intent: Intent) -> None:
    ports = set(vm1().loopback_ports.values())
    for rule in changed(intent).apache.paths:
        place = re.fullmatch(r"http://127\.0\.0\.1:([0-9]+)/.*", rule.backend)
        assert place is not None
        assert int(place[1]) in ports


def test_only_the_portal_may_ask_vm1(intent: Intent) -> None:
    portal = IPv4Network(intent.data_centre.portal.address)
    assert {rule.sources for rule in changed(intent).apache.paths} == {(portal,)}


def test_only_the_gateway_and_applications_take_more_than_reading(intent: Intent) -> None:
    for rule in changed(intent).apache.paths:
        if rule.content in ("dicomweb", "viewer"):
            assert set(rule.methods) <= {"GET", "HEAD"}


@pytest.mark.parametrize("archive", [None, dcm4chee("5.34.3")])
def test_no_application_can_have_a_path_that_vm1_answers_itself(
    intent: Intent, archive: Dcm4cheeArchive | None
) -> None:
    software = changed(intent, archive=archive) if archive else changed(intent)
    assert {f"/{rule.path.split('/')[1]}" for rule in software.apache.paths} <= set(OWN_PATHS)


def test_an_application_gets_its_path_and_nothing_beside_it(intent: Intent) -> None:
    row = ApplicationDeployment(name="collector", context="/collector", path="collector.war", sha256=SHA256)
    application = intent.site.application.model_copy(update={"deployments": (row,)})
    rule = changed(intent, application=application).apache.paths[-1]
    assert rule.path == "/collector/"
    assert rule.backend.endswith("/collector/")


def test_op_1_the_published_period_is_that_of_the_pacs_images(intent: Intent) -> None:
    category = next(row for row in intent.site.publication.categories if row.category == "pacs_images")
    software = changed(intent)
    assert software.pacs_gateway.published_months == category.months
    assert software.pacs_gateway.modalities == tuple(sorted(intent.site.publication.modalities))


def test_op_1_without_published_images_nothing_is_asked_for(intent: Intent) -> None:
    rows = tuple(row for row in intent.site.publication.categories if row.category != "pacs_images")
    publication = intent.site.publication.model_copy(update={"categories": rows})
    assert changed(intent, publication=publication).pacs_gateway.published_months is None


@pytest.mark.parametrize("allowed", [True, False])
def test_op_2_apache_is_told_whether_images_may_be_downloaded(intent: Intent, allowed: bool) -> None:
    publication = intent.site.publication.model_copy(update={"pacs_image_download": allowed})
    assert changed(intent, publication=publication).apache.images_may_be_downloaded is allowed


def test_memory_of_database_and_wildfly_leaves_half_of_vm1(intent: Intent) -> None:
    software = changed(intent)
    memory_mb = appliance().vms["vm1"].memory_mb
    assert software.postgresql.shared_buffers_mb + software.wildfly.heap_mb <= memory_mb / 2


def test_no_two_loopback_ports_are_alike() -> None:
    ports = list(vm1().loopback_ports.values())
    assert len(set(ports)) == len(ports)


def test_loopback_ports_are_none_of_those_the_matrix_opens_on_vm1() -> None:
    for name in PATTERNS:
        plan = example_plan(name)
        opened = {port for flow in plan.vm("vm1").flows for port in flow.ports if flow.destination.name == "vm1"}
        assert not opened & set(vm1().loopback_ports.values())


def test_catalogue_names_a_sha256_for_every_wildfly_an_archive_needs() -> None:
    assert set(vm1().dcm4chee.versions.values()) <= set(vm1().wildfly.versions)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in vm1().wildfly.versions.values())


def test_studies_lie_outside_wildflys_folders() -> None:
    assert Path(vm1().archive.storage_folder).is_absolute()
    assert not vm1().archive.storage_folder.startswith("/opt")
