"""VM1's software as we build it at every hospital, read once from vm1.yml."""

from __future__ import annotations

from functools import cache

from gatekit.catalogue.fact_file import facts_in
from gatekit.model import Frozen


class PostgresqlFacts(Frozen):
    version: int
    max_connections: int
    dump_at: str
    dumps_kept_days: int
    wal_kept_days: int
    backup_folder: str


class DirectoryFacts(Frozen):
    suffix: str
    size_limit: int
    dump_at: str
    backup_folder: str


class WildflyFacts(Frozen):
    coordinates: str
    versions: dict[str, str]
    java_package: str
    account: str


class Dcm4cheeFacts(Frozen):
    versions: dict[str, str]


class ArchiveFacts(Frozen):
    storage_folder: str
    minimum_free_gb: int


class PacsGatewayFacts(Frozen):
    account: str
    configuration_file: str
    sweep_at: str
    deep_sweep_weekday: int


class ApacheFacts(Frozen):
    request_body_limit_mb: int
    requests_per_second: int


class Vm1Facts(Frozen):
    """See vm1.yml for the meaning and unit of each."""

    memory_shares: dict[str, float]
    loopback_ports: dict[str, int]
    postgresql: PostgresqlFacts
    databases: dict[str, str]
    directory: DirectoryFacts
    wildfly: WildflyFacts
    dcm4chee: Dcm4cheeFacts
    archive: ArchiveFacts
    pacs_gateway: PacsGatewayFacts
    apache: ApacheFacts


@cache
def vm1() -> Vm1Facts:
    """Return the facts of vm1.yml."""
    return Vm1Facts.model_validate(facts_in("vm1.yml"))
