"""dcm4chee's own LDIF files (its distribution's folder ``ldap``), and what slapd has to index for it."""

from __future__ import annotations

from gatekit.render.directory.server import DATABASE

__all__ = ["DATA", "INDEXED", "SCHEMAS", "distribution_sources"]

SCHEMAS = tuple(f"slapd/{name}.ldif" for name in ("dicom", "dcm4che", "dcm4chee-archive", "dcm4chee-archive-ui"))
DATA = ("init-baseDN", "init-config", "default-config", "add-vendor-data", "default-ui-config")

# What the archive searches for: by class below a device, and by these names across the whole tree.
INDEXED = ("objectClass", "dicomDeviceName", "dicomAETitle", "hl7ApplicationName", "dcmWebAppName")


def distribution_sources() -> list[dict[str, str]]:
    """Return the sources of the module directory_entries: indexes first, so that entries are indexed as they come."""
    lines = [f"dn: {DATABASE}", "changetype: modify", "replace: olcDbIndex"]
    lines += [f"olcDbIndex: {name} eq" for name in INDEXED]
    return [{"text": "\n".join([*lines, "-", ""])}, *({"file": f"{name}.ldif"} for name in DATA)]
