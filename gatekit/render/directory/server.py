"""cn=config of slapd: loopback, one tree, nobody anonymous."""

from __future__ import annotations

from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.render.text import render

__all__ = ["CONFIGURATION_FOLDER", "CONTENT_FOLDER", "server_configuration"]

CONFIGURATION_FOLDER = "/etc/ldap/gatekit.d"
CONTENT_FOLDER = "/var/lib/ldap/gatekit"
DATABASE = "olcDatabase={1}mdb,cn=config"
SCHEMAS = tuple(f"/etc/ldap/schema/{name}.ldif" for name in ("core", "cosine", "inetorgperson"))


def server_configuration(plan: DirectoryPlan) -> dict[str, object]:
    """Return the options of the module directory_server, without the password."""
    text = render("directory", "configuration.ldif.j2", plan=plan, database=DATABASE, content=CONTENT_FOLDER)
    return {
        "folder": CONFIGURATION_FOLDER,
        "configuration": text,
        "schemas": list(SCHEMAS),
        "database": DATABASE,
    }
