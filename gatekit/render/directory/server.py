"""cn=config of slapd: loopback, one tree, nobody anonymous."""

from __future__ import annotations

from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.render.text import render

__all__ = ["CONFIGURATION_FOLDER", "CONTENT_FOLDER", "UNIT", "listeners", "root_name", "server_configuration"]

CONFIGURATION_FOLDER = "/etc/ldap/gatekit.d"
CONTENT_FOLDER = "/var/lib/ldap/gatekit"
UNIT = "slapd.service"
DATABASE = "olcDatabase={1}mdb,cn=config"
SCHEMAS = tuple(f"/etc/ldap/schema/{name}.ldif" for name in ("core", "cosine", "inetorgperson"))


def root_name(plan: DirectoryPlan) -> str:
    """Return as whom the archive binds: the tree's own account, the only one besides root on the socket."""
    return f"cn=admin,{plan.suffix}"


def listeners(plan: DirectoryPlan) -> str:
    """Return slapd's URLs: loopback, and a socket on which root is known by its number."""
    return f"ldap://127.0.0.1:{plan.port}/ ldapi:///"


def server_configuration(plan: DirectoryPlan) -> dict[str, object]:
    """Return the options of the module directory_server, without the password."""
    names = {"database": DATABASE, "content": CONTENT_FOLDER, "root_name": root_name(plan)}
    text = render("directory", "configuration.ldif.j2", plan=plan, **names)
    return {
        "folder": CONFIGURATION_FOLDER,
        "configuration": text,
        "schemas": list(SCHEMAS),
        "database": DATABASE,
    }
