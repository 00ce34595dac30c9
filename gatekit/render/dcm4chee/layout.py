"""Where the archive's parts stand on VM1, stated once."""

from __future__ import annotations

from gatekit.render.wildfly import layout as wildfly

DEVICE = "dcm4chee-arc"
"""Name of the archive's device in its own configuration; the EAR looks for it by this name."""
STORAGE = "fs1"
MARKER_TABLE = "study"
SETTINGS = f"{wildfly.BASE_FOLDER}/configuration/{DEVICE}"
LDAP_PROPERTIES = f"{SETTINGS}/ldap.properties"
UNITS = "/etc/systemd/system"
UNIT_SETTINGS = f"{UNITS}/{wildfly.UNIT}.d/60-dcm4chee.conf"
POSTGRESQL_UNIT = "postgresql.service"  # Debian's: up when every cluster is
MODULES_MARKER = f"{wildfly.MODULES}/.gatekit-dcm4chee.json"
PROGRAMS = "/usr/local/lib/gatekit"
PACKAGE = "gatekit_archive"
WATCH = "gatekit-dcm4chee-watch"
WATCH_SETTINGS = "/etc/gatekit/dcm4chee_watch.json"
WATCH_STATE = f"/run/{WATCH}/state.json"
CONNECTIONS = 60  # of PostgreSQL, half of what the server allows
WATCH_EVERY_S = 10
WATCH_PATIENCE_S = 20
WATCH_PAUSE_S = 120  # an archive's start takes 20 s [ran]; a busy host several times that


def folder(version: str) -> str:
    """Return where a distribution stands."""
    return f"/opt/dcm4chee-{version}"


def incoming(version: str) -> str:
    """Return where its zip is put while it is unpacked."""
    return f"/opt/.dcm4chee-{version}.zip"
