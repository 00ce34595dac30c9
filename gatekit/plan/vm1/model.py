"""What runs on VM1 (AP-2), computed once: one type for each role. No secret is in it, only its name in the vault."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Literal, cast

from gatekit.model import Frozen

type SecretName = str
"""Key in the vault's ``vault`` mapping."""


class DatabasePlan(Frozen):
    """One database of VM1's PostgreSQL and the account that owns it."""

    name: str
    owner: str
    password: SecretName
    port: int  # loopback


class PostgresqlPlan(Frozen):
    """PostgreSQL for archive and PACS GatewayService: loopback only, scram, dumped every night."""

    version: int
    port: int
    max_connections: int
    shared_buffers_mb: int
    effective_cache_size_mb: int
    databases: tuple[DatabasePlan, ...]
    dump_at: str  # HH:MM in time_zone
    time_zone: str
    dumps_kept_days: int
    wal_kept_days: int
    backup_folder: str


class DirectoryPlan(Frozen):
    """slapd with dcm4chee's configuration: loopback only."""

    port: int
    suffix: str
    password: SecretName
    size_limit: int
    dump_at: str  # HH:MM in time_zone
    time_zone: str
    dumps_kept_days: int
    backup_folder: str


class WebCertificate(Frozen):
    """A TLS certificate of the site: PEM texts in the vault, the chain after the leaf."""

    certificate: SecretName
    key: SecretName


class Artefact(Frozen):
    """A file on the controller, known by its sha256; ``path`` is absolute or below the site's folder."""

    path: str
    sha256: str


class Deployment(Frozen):
    """One application WildFly runs; ``context`` is its path in URLs, from its own descriptor."""

    name: str
    artefact: Artefact
    context: str


class WildflyPlan(Frozen):
    """The application server: everything on loopback, Apache is in front of it."""

    version: str
    sha256: str
    coordinates: str  # group:artifact:packaging, as Maven names it
    local: Artefact | None  # the same zip beside the site file, where the controller has no registry
    java_package: str
    account: str
    heap_mb: int
    http_port: int
    https_port: int
    management_port: int
    host_name: str
    certificate: WebCertificate
    management_password: SecretName
    keystore_password: SecretName
    deployments: tuple[Deployment, ...]


class DicomNode(Frozen):
    """An application entity of the hospital the archive knows."""

    name: str
    ae_title: str
    address: IPv4Address
    port: int


class Distribution(Frozen):
    """dcm4chee's zip as its operator got it."""

    version: str
    artefact: Artefact


class ArchivePlan(Frozen):
    """The Gateway's DICOM archive, whichever engine: both roles take exactly this."""

    engine: Literal["dcm4chee", "orthanc"]
    distribution: Distribution | None  # dcm4chee only
    ae_title: str
    dicom_port: int
    http_port: int  # loopback; DICOMweb and viewer
    dicomweb_path: str  # below http_port, e.g. /dicom-web
    viewer_path: str
    database: DatabasePlan
    storage_folder: str
    minimum_free_gb: int
    compression: Literal["none", "jpeg_ls_lossless", "jpeg_2000_lossless"]
    retention_months: int | None  # None: kept until somebody deletes it
    time_zone: str  # of the hospital, for what runs at night
    nodes: tuple[DicomNode, ...]  # the only ones that may associate, besides VM1 itself


class PathRule(Frozen):
    """One path Apache lets through; what no rule names is refused."""

    path: str  # prefix, ends in / unless it is one resource
    backend: str  # URL on loopback
    sources: tuple[IPv4Network, ...]
    methods: tuple[str, ...]
    content: Literal["dicomweb", "viewer", "gateway", "application"]


class ApachePlan(Frozen):
    """VM1's one door: TLS, the paths of this list, and nothing else."""

    address: IPv4Address
    port: int
    host_name: str
    certificate: WebCertificate
    paths: tuple[PathRule, ...]
    images_may_be_downloaded: bool  # OP-2
    request_body_limit_mb: int
    requests_per_second: int


class PatientIdRule(Frozen):
    """How one PACS writes patient ids."""

    digits: int | None  # zero-padded to this many digits; None: as it comes
    issuer: str  # empty: the PACS names none


class PacsSource(Frozen):
    """One PACS the PACS GatewayService keeps the archive equal to (IN-2)."""

    name: str
    ae_title: str
    address: IPv4Address
    port: int
    parallel_moves: int
    move_windows: tuple[str, ...]  # HH:MM-HH:MM in hospital time; empty: always
    bandwidth_mbit_s: int | None  # enforced by VM1's packet filter on what the PACS stores
    character_set: str  # DICOM defined term for queries, e.g. ISO 2022 IR 87
    patient_id: PatientIdRule
    information_model: Literal["study_root", "patient_root"]
    test_patient: str | None


class PacsGatewayPlan(Frozen):
    """PACS GatewayService: differential Query/Retrieve (IN-2 .. IN-4)."""

    account: str
    configuration_file: str
    port: int  # loopback, REST
    ae_title: str  # calls the PACS as the archive does
    archive_ae_title: str  # destination of C-MOVE
    archive_port: int  # loopback
    storage_folder: str
    minimum_free_gb: int
    sources: tuple[PacsSource, ...]
    published_months: int | None  # of pacs_images; None: no images are published
    modalities: tuple[str, ...]
    database: DatabasePlan
    patient_hash_key: SecretName  # keys the hashes that stand for patients in logs
    sweep_at: str  # HH:MM in time_zone
    time_zone: str  # of the hospital, also that of move_windows
    deep_sweep_weekday: int  # 0 is Monday


class Vm1Plan(Frozen):
    """Everything on VM1 above the base system."""

    postgresql: PostgresqlPlan
    directory: DirectoryPlan | None  # dcm4chee only
    wildfly: WildflyPlan
    archive: ArchivePlan
    apache: ApachePlan
    pacs_gateway: PacsGatewayPlan

    def secrets(self) -> tuple[SecretName, ...]:
        """Return the names of every secret VM1 needs, sorted."""
        return secret_names(self)


def secret_names(part: Frozen) -> tuple[SecretName, ...]:
    """Return the secrets a part of the plan names, at any depth, sorted: the fields of type ``SecretName``."""
    return tuple(sorted(set(_named(part))))


def _named(part: Frozen) -> Iterator[SecretName]:
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if cast("object", field.annotation) is SecretName:
            yield value
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, Frozen):
                yield from _named(below)
