"""What our roles read of dcm4chee's distribution (5.34): names below its one top folder, which names the version."""

from __future__ import annotations

from typing import Final

__all__ = ["DATA", "FLAVOUR", "NEEDED", "SCHEMAS", "TABLES"]

FLAVOUR: Final = "psql"
"""PostgreSQL without Keycloak; the other flavours are other builds of the EAR."""

SCHEMAS: Final = tuple(f"slapd/{name}.ldif" for name in ("dicom", "dcm4che", "dcm4chee-archive", "dcm4chee-archive-ui"))
"""Schema of slapd, below ``ldap``, in the order of their dependence."""

DATA: Final = tuple(
    f"{name}.ldif" for name in ("init-baseDN", "init-config", "default-config", "add-vendor-data", "default-ui-config")
)
"""Entries, below ``ldap``. default-users.ldif is left out: Keycloak's users, with a password everybody knows."""

TABLES: Final = tuple(f"create-{name}.sql" for name in ("psql", "fk-index", "case-insensitive-index"))
"""Tables and indexes, below ``sql/psql``, in this order."""

NEEDED: Final = (
    *(f"ldap/{name}" for name in (*SCHEMAS, *DATA, "vendor-data.zip")),  # the zip: add-vendor-data.ldif names it
    *(f"sql/{FLAVOUR}/{name}" for name in TABLES),
)
