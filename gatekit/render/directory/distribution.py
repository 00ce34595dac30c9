"""dcm4chee's own LDIF files (its distribution's folder ``ldap``), and what slapd has to index for it."""

from __future__ import annotations

from gatekit.catalogue.dcm4chee import DATA
from gatekit.render.directory.server import DATABASE

__all__ = ["INDEXED", "distribution_sources"]

# What the archive searches for: by class below a device, and by these names across the whole tree.
INDEXED = ("objectClass", "dicomDeviceName", "dicomAETitle", "hl7ApplicationName", "dcmWebAppName")


def distribution_sources() -> list[dict[str, str]]:
    """Return the sources of the module directory_entries: indexes first, so that entries are indexed as they come."""
    lines = [f"dn: {DATABASE}", "changetype: modify", "replace: olcDbIndex"]
    lines += [f"olcDbIndex: {name} eq" for name in INDEXED]
    return [{"text": "\n".join([*lines, "-", ""])}, *({"file": name} for name in DATA)]
