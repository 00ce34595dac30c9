"""VM1's software from the intent: pure. The types stand in ``model``, the facts in catalogue/vm1.yml."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from gatekit.catalogue.appliance import appliance
from gatekit.catalogue.vm1 import vm1
from gatekit.intent.load import Intent
from gatekit.intent.operation import Artefact as GivenArtefact
from gatekit.intent.systems import Dcm4cheeArchive
from gatekit.plan.addresses import dmz_address
from gatekit.plan.vm1.model import (
    ApachePlan,
    ArchivePlan,
    Artefact,
    DatabasePlan,
    Deployment,
    DicomNode,
    DirectoryPlan,
    Distribution,
    PacsGatewayPlan,
    PacsSource,
    PathRule,
    PatientIdRule,
    PostgresqlPlan,
    Vm1Plan,
    WebCertificate,
    WildflyPlan,
)

__all__ = ["vm1_plan"]

CERTIFICATE = WebCertificate(certificate="tls_certificate_vm1", key="tls_key_vm1")
MEMORY_STEP_MB = 64


def vm1_plan(intent: Intent, host_name: str) -> Vm1Plan:
    """Return everything on VM1 above the base system; ``host_name`` is its full name."""
    archive = _archive(intent)
    return Vm1Plan(
        postgresql=_postgresql(),
        directory=_directory() if archive.engine == "dcm4chee" else None,
        wildfly=_wildfly(intent, host_name),
        archive=archive,
        apache=_apache(intent, host_name, archive),
        pacs_gateway=_pacs_gateway(intent),
    )


def _memory_mb(share: str) -> int:
    memory_mb = vm1().memory_shares[share] * appliance().vms["vm1"].memory_mb
    return int(memory_mb) // MEMORY_STEP_MB * MEMORY_STEP_MB


def _database(name: str) -> DatabasePlan:
    return DatabasePlan(
        name=name,
        owner=vm1().databases[name],
        password=f"{name}_database_password",
        port=vm1().loopback_ports["postgresql"],
    )


def _postgresql() -> PostgresqlPlan:
    facts, memory_mb = vm1().postgresql, appliance().vms["vm1"].memory_mb
    return PostgresqlPlan(
        version=facts.version,
        port=vm1().loopback_ports["postgresql"],
        max_connections=facts.max_connections,
        shared_buffers_mb=_memory_mb("postgresql"),
        effective_cache_size_mb=memory_mb // 2,
        databases=tuple(_database(name) for name in sorted(vm1().databases)),
        dump_at=facts.dump_at,
        time_zone=appliance().time_zone,
        dumps_kept_days=facts.dumps_kept_days,
        wal_kept_days=facts.wal_kept_days,
        backup_folder=facts.backup_folder,
    )


def _directory() -> DirectoryPlan:
    facts = vm1().directory
    return DirectoryPlan(
        port=vm1().loopback_ports["ldap"],
        suffix=facts.suffix,
        password="directory_password",  # noqa: S106 - the name of the vault entry, not a password
        size_limit=facts.size_limit,
        dump_at=facts.dump_at,
        time_zone=appliance().time_zone,
        dumps_kept_days=vm1().postgresql.dumps_kept_days,
        backup_folder=facts.backup_folder,
    )


def wildfly_version(intent: Intent) -> str:
    """Return the version the archive asks for, or the newest we know; a version is a key of catalogue/vm1.yml."""
    archive = intent.site.archive
    if isinstance(archive, Dcm4cheeArchive):
        return vm1().dcm4chee.versions[archive.distribution.version]
    return max(vm1().wildfly.versions, key=lambda version: [int(part) for part in version.split(".")[:3]])


def _artefact(given: GivenArtefact) -> Artefact:
    return Artefact(path=given.path, sha256=given.sha256)


def _wildfly(intent: Intent, host_name: str) -> WildflyPlan:
    facts, ports, given = vm1().wildfly, vm1().loopback_ports, intent.site.application
    version = wildfly_version(intent)
    return WildflyPlan(
        version=version,
        sha256=facts.versions[version],
        coordinates=facts.coordinates,
        local=_artefact(given.wildfly) if given.wildfly else None,
        java_package=facts.java_package,
        account=facts.account,
        heap_mb=_memory_mb("wildfly"),
        http_port=ports["wildfly_http"],
        https_port=ports["wildfly_https"],
        management_port=ports["wildfly_management"],
        host_name=host_name,
        certificate=CERTIFICATE,
        management_password="wildfly_management_password",  # noqa: S106 - the name of the vault entry
        keystore_password="wildfly_keystore_password",  # noqa: S106 - the name of the vault entry
        deployments=tuple(
            Deployment(name=row.name, artefact=_artefact(row), context=row.context) for row in given.deployments
        ),
    )


def _archive(intent: Intent) -> ArchivePlan:
    facts, ports, given = vm1().archive, vm1().loopback_ports, intent.site.archive
    dcm4chee = isinstance(given, Dcm4cheeArchive)
    return ArchivePlan(
        engine=given.engine,
        distribution=(
            Distribution(version=given.distribution.version, artefact=_artefact(given.distribution))
            if isinstance(given, Dcm4cheeArchive)
            else None
        ),
        ae_title=given.ae_title,
        dicom_port=given.port,
        http_port=ports["wildfly_http" if dcm4chee else "archive_http"],
        dicomweb_path=f"/dcm4chee-arc/aets/{given.ae_title}/rs/" if dcm4chee else "/dicom-web/",
        viewer_path="/dcm4chee-arc/ui2/" if dcm4chee else "/web-viewer/",
        database=_database("archive"),
        storage_folder=facts.storage_folder,
        minimum_free_gb=facts.minimum_free_gb,
        compression=given.compression,
        retention_months=given.retention_months,
        time_zone=appliance().time_zone,
        nodes=tuple(
            DicomNode(name=row.name, ae_title=row.ae_title, address=row.address, port=row.port)
            for row in intent.site.pacs
        ),
    )


def _apache(intent: Intent, host_name: str, archive: ArchivePlan) -> ApachePlan:
    facts = vm1().apache
    return ApachePlan(
        address=dmz_address(intent, "vm1"),
        port=appliance().ports["https"],
        host_name=host_name,
        certificate=CERTIFICATE,
        paths=tuple(_paths(intent, archive)),
        images_may_be_downloaded=intent.site.publication.pacs_image_download,
        request_body_limit_mb=facts.request_body_limit_mb,
        requests_per_second=facts.requests_per_second,
    )


def _paths(intent: Intent, archive: ArchivePlan) -> Iterator[PathRule]:
    """Yield what the portal may ask for; the flow matrix lets nobody else in."""
    portal, ports = (IPv4Network(intent.data_centre.portal.address),), vm1().loopback_ports
    read: tuple[str, ...] = ("GET", "HEAD")

    def rule(path: str, port: int, behind: str, methods: tuple[str, ...], content: str) -> PathRule:
        return PathRule.model_validate(
            {"path": path, "backend": f"http://127.0.0.1:{port}{behind}", "sources": portal, "methods": methods}
            | {"content": content}
        )

    yield rule("/dicom-web/", archive.http_port, archive.dicomweb_path, read, "dicomweb")
    if archive.engine == "dcm4chee":  # the addresses in its answers (RetrieveURL) are below its own path
        yield rule(archive.dicomweb_path, archive.http_port, archive.dicomweb_path, read, "dicomweb")
    yield rule(archive.viewer_path, archive.http_port, archive.viewer_path, read, "viewer")
    yield rule("/gateway/", ports["pacs_gateway"], "/", ("GET", "HEAD", "POST", "DELETE"), "gateway")
    for row in intent.site.application.deployments:
        behind = f"{row.context}/"
        yield rule(behind, ports["wildfly_http"], behind, ("GET", "HEAD", "POST"), "application")


def _pacs_gateway(intent: Intent) -> PacsGatewayPlan:
    facts, archive, site = vm1().pacs_gateway, intent.site.archive, intent.site
    months = [row.months for row in site.publication.categories if row.category == "pacs_images"]
    return PacsGatewayPlan(
        account=facts.account,
        configuration_file=facts.configuration_file,
        port=vm1().loopback_ports["pacs_gateway"],
        ae_title=archive.ae_title,
        archive_ae_title=archive.ae_title,
        archive_port=archive.port,
        storage_folder=vm1().archive.storage_folder,
        minimum_free_gb=vm1().archive.minimum_free_gb,
        sources=tuple(
            PacsSource(
                name=row.name,
                ae_title=row.ae_title,
                address=row.address,
                port=row.port,
                parallel_moves=row.parallel_moves,
                move_windows=row.move_windows,
                bandwidth_mbit_s=row.bandwidth_mbit_s,
                character_set=row.character_set,
                patient_id=PatientIdRule(digits=row.patient_id.digits, issuer=row.patient_id.issuer),
                information_model=row.information_model,
                test_patient=row.test_patient,
            )
            for row in site.pacs
        ),
        published_months=months[0] if months else None,
        modalities=tuple(sorted(site.publication.modalities)),
        database=_database("pacs_gateway"),
        patient_hash_key="patient_hash_key",
        sweep_at=facts.sweep_at,
        time_zone=appliance().time_zone,
        deep_sweep_weekday=facts.deep_sweep_weekday,
    )
