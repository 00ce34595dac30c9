"""The archive's files: where it finds its directory, what its unit may do, and the watch that brings it back."""

from __future__ import annotations

import json
from importlib.resources import files

from gatekit.plan.vm1.model import ArchivePlan, DirectoryPlan, WildflyPlan
from gatekit.render.dcm4chee import layout
from gatekit.render.directory import server as slapd
from gatekit.render.text import RenderedFile, header, render
from gatekit.render.wildfly import layout as wildfly_layout

__all__ = ["archive_files", "watch_settings"]

PROGRAMS = (  # of gatekit/portable, which the watch runs on the node
    "__init__.py",
    "archive_ready.py",
    "dicom_echo.py",
    "errors.py",
    "connection/__init__.py",
    "connection/dicom_wire.py",
    "dcm4chee/__init__.py",
    "dcm4chee/watch.py",
)


def archive_files(archive: ArchivePlan, directory: DirectoryPlan, wildfly: WildflyPlan) -> tuple[RenderedFile, ...]:
    """Return every file and folder of the role; secrets only by name."""
    own = {"owner": wildfly.account, "group": wildfly.account}
    values = {
        "header": header("vm1.archive"),
        "archive": archive,
        "directory": directory,
        "layout": layout,
        "needed": f"{layout.POSTGRESQL_UNIT} {slapd.UNIT}",
        "root_name": slapd.root_name(directory),
    }
    return (
        RenderedFile(path=archive.storage_folder, state="directory", mode="0750", **own),
        RenderedFile(path=layout.SETTINGS, state="directory", mode="0700", **own),
        RenderedFile(
            path=layout.LDAP_PROPERTIES, content=render("dcm4chee", "ldap.properties.j2", **values), mode="0600", **own
        ),
        RenderedFile(path=layout.UNIT_SETTINGS, content=render("dcm4chee", "wildfly.service.j2", **values)),
        *(RenderedFile(path=f"{layout.PROGRAMS}/{layout.PACKAGE}/{name}", content=_program(name)) for name in PROGRAMS),
        *(
            RenderedFile(
                path=f"{layout.UNITS}/{layout.WATCH}.{kind}", content=render("dcm4chee", f"watch.{kind}.j2", **values)
            )
            for kind in ("service", "timer")
        ),
    )


def watch_settings(
    archive: ArchivePlan, directory: DirectoryPlan, wildfly: WildflyPlan, names: list[str]
) -> RenderedFile:
    """Return the settings of the watch; ``names`` are the deployments that have to be there."""
    settings = {
        "ae_title": archive.ae_title,
        "dicom_port": archive.dicom_port,
        "http_port": archive.http_port,
        "management": {
            "port": wildfly.management_port,
            "account": wildfly_layout.MANAGEMENT_USER,
            "password": f"<secret {wildfly.management_password}>",
            "deployments": names,
        },
        "pause_s": layout.WATCH_PAUSE_S,
        "patience_s": layout.WATCH_PATIENCE_S,
        "services": {"PostgreSQL": archive.database.port, "slapd": directory.port},
        "start_s": wildfly_layout.START_TIMEOUT_S,
        "state": layout.WATCH_STATE,
        "unit": wildfly_layout.UNIT,
    }
    content = json.dumps(settings, indent=2, sort_keys=True) + "\n"
    return RenderedFile(path=layout.WATCH_SETTINGS, content=content, mode="0600")


def _program(name: str) -> str:
    return files("gatekit.portable").joinpath(name).read_text(encoding="utf-8")
