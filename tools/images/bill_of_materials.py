"""What is in the image: every Debian package with its version, as CycloneDX 1.6 (JSON)."""

from __future__ import annotations

import json
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

STATUS = "./var/lib/dpkg/status"
_NAMESPACE = uuid.UUID("6b1c37f2-3d55-4f3e-9c1f-6f2c6c9d0a06")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One installed Debian package."""

    name: str
    version: str
    architecture: str
    source: str  # name of its source package

    @property
    def purl(self) -> str:
        """Return its package URL (purl-spec, type deb)."""
        version = quote(self.version, safe="")
        return f"pkg:deb/debian/{quote(self.name, safe='')}@{version}?arch={self.architecture}&distro=debian-13"


def installed_packages(tree: Path) -> tuple[Package, ...]:
    """Return the packages that dpkg has installed in a tree (tar file), sorted."""
    with tarfile.open(tree) as archive:
        status = archive.extractfile(STATUS)
        assert status is not None, "dpkg's status is a file in every Debian tree"
        return tuple(sorted(_packages(status.read().decode())))


def _packages(status: str) -> Iterator[Package]:
    for paragraph in status.split("\n\n"):
        lines = (line for line in paragraph.splitlines() if not line.startswith(" "))
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        if fields.get("Status") == "install ok installed":
            name = fields["Package"]
            source = fields.get("Source", name).partition(" ")[0]
            yield Package(name, fields["Version"], fields["Architecture"], source)


def bill_of_materials(name: str, version: str, epoch: int, packages: tuple[Package, ...]) -> str:
    """Return the document; the same packages give the same bytes."""
    identity = uuid.uuid5(_NAMESPACE, f"{name} {version}")
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{identity}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"bom-ref": name, "type": "operating-system", "name": name, "version": version},
        },
        "components": [
            {
                "bom-ref": package.purl,
                "type": "library",
                "name": package.name,
                "version": package.version,
                "purl": package.purl,
                "properties": [{"name": "debian:source", "value": package.source}],
            }
            for package in packages
        ],
        "dependencies": [{"ref": name, "dependsOn": [package.purl for package in packages]}],
    }
    return json.dumps(document, indent=1) + "\n"
