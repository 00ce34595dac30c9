"""What the daemon is told: the plan's part of it, a few limits of its own, and two secrets from systemd."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import ValidationError

from gatekit.errors import DicomError
from gatekit.model import Frozen
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource

CONFIGURATION_FILE = Path("/etc/gatekit/pacs_gateway.json")
CREDENTIALS = ("database_password", "patient_hash_key")
"""Names of the unit's credentials (systemd.exec, LoadCredential=)."""


class Limits(Frozen):
    """Times and counts that are the same at every hospital."""

    settle_s: float = 5.0  # without growth for so long: the PACS has stopped sending
    settle_limit_s: float = 120.0  # one look; the request waits and looks again
    backoff_first_s: float = 15.0
    backoff_longest_s: float = 3600.0
    faults_until_dead: int = 24  # about 18 hours of a PACS that is down
    interruptions_until_dead: int = 20  # a request that takes the daemon with it every time
    archive_full_wait_s: float = 60.0
    sweep_spread_s: float = 3 * 3600.0
    sweep_late_s: float = 3600.0  # a daemon that was down at sweep_at still sweeps for so long
    finish_moves_s: float = 20.0  # when told to stop
    kept_days: int = 30


class Configuration(Frozen):
    """The file the role lays down."""

    gateway: PacsGatewayPlan
    database_host: IPv4Address = IPv4Address("127.0.0.1")
    limits: Limits = Limits()

    def source(self, name: str) -> PacsSource:
        """Return the PACS of that name.

        Raises:
            DicomError: GW534 for a name the site file does not have.
        """
        for source in self.gateway.sources:
            if source.name == name:
                return source
        names = ", ".join(source.name for source in self.gateway.sources)
        raise DicomError("GW534", "request.pacs", name, f"Name a PACS of the site file: {names}.")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the unit's credentials hold; never printed."""

    database_password: str = field(repr=False)
    patient_hash_key: bytes = field(repr=False)


def load(path: Path) -> Configuration:
    """Return the configuration.

    Raises:
        DicomError: GW532 when the file is not there or is not what the role writes.
    """
    fix = "Run the role pacs_gateway again."
    try:
        return Configuration.model_validate_json(path.read_bytes())
    except OSError as error:
        raise DicomError("GW532", str(path), error.strerror, fix) from error
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in row["loc"]) for row in error.errors(include_input=False))
        raise DicomError("GW532", str(path), places, fix) from error


def credentials(environment: Mapping[str, str] = os.environ) -> Secrets:
    """Return the secrets systemd hands to the unit, and to nobody else.

    Raises:
        DicomError: GW532 when the daemon was not started by its unit.
    """
    folder = Path(environment.get("CREDENTIALS_DIRECTORY", ""))
    try:
        password, key = ((folder / name).read_text(encoding="utf-8").strip() for name in CREDENTIALS)
    except OSError as error:
        fix = "Start the daemon by its unit: systemctl start gatekit-pacs-gateway."
        raise DicomError("GW532", "credentials", error.strerror, fix) from error
    return Secrets(password, key.encode())


def database_url(configuration: Configuration, secrets: Secrets, application: str) -> Mapping[str, object]:
    """Return the parameters of a connection; a dead server is noticed within seconds, never waited for."""
    database = configuration.gateway.database
    return {
        "host": str(configuration.database_host),
        "port": database.port,
        "dbname": database.name,
        "user": database.owner,
        "password": secrets.database_password,
        "application_name": application,
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": "-c statement_timeout=20s -c timezone=UTC",
    }
