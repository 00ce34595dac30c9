"""The edge: Ansible's dicts become types, and what the role's tasks give to our modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.catalogue.dcm4chee import FLAVOUR, TABLES
from gatekit.plan.vm1.model import ArchivePlan, DirectoryPlan, WildflyPlan
from gatekit.render.dcm4chee import layout
from gatekit.render.dcm4chee.entries import absent_entries, site_entries
from gatekit.render.dcm4chee.files import archive_files, watch_settings
from gatekit.render.dcm4chee.server import applications, resources
from gatekit.render.directory.role_input import sources
from gatekit.render.edge import plain
from gatekit.render.text import as_file_set
from gatekit.render.wildfly import layout as wildfly_layout

__all__ = ["dcm4chee_role_input", "dcm4chee_running"]


def dcm4chee_role_input(
    archive: Mapping[str, Any], directory: Mapping[str, Any], wildfly: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options of the role's modules that follow from the plan alone.

    Raises:
        RenderError: GW302 when the plan asks for what dcm4chee cannot do.
    """
    plan, tree, server = _plans(archive, directory, wildfly)
    assert plan.distribution is not None
    folder = layout.folder(plan.distribution.version)
    delivered = sources(directory)
    return {
        "distribution": {
            "archive": layout.incoming(plan.distribution.version),
            "sha256": plan.distribution.artefact.sha256,
            "folder": folder,
            "modules": wildfly_layout.MODULES,
            "ae_title": plan.ae_title,
        },
        "files": as_file_set(archive_files(plan, tree, server)),
        "entries": {
            **delivered,
            "folder": f"{folder}/ldap",
            "sources": [*_list(delivered["sources"]), {"text": site_entries(plan, tree, server)}],
            "absent": absent_entries(plan, tree),
        },
        "schema": {
            "database": plan.database.name,
            "owner": plan.database.owner,
            "files": [f"{folder}/sql/{FLAVOUR}/{name}" for name in TABLES],
            "marker": layout.MARKER_TABLE,
        },
        "unit": {
            "name": wildfly_layout.UNIT,
            "activity": "running",
            "reads": [layout.UNIT_SETTINGS, layout.LDAP_PROPERTIES, layout.MODULES_MARKER],
        },
        "resources": resources(plan).model_dump(),
        "management": {"port": server.management_port, "user": wildfly_layout.MANAGEMENT_USER},
    }


def dcm4chee_running(
    archive: Mapping[str, Any],
    directory: Mapping[str, Any],
    wildfly: Mapping[str, Any],
    deployments: Mapping[str, str],
) -> dict[str, Any]:
    """Return what depends on the unpacked distribution: its applications, and the watch over them."""
    plan, tree, server = _plans(archive, directory, wildfly)
    assert plan.distribution is not None
    found = {str(name): str(sha256) for name, sha256 in plain(deployments).items()}
    part = applications(layout.folder(plan.distribution.version), found)
    names = [row.name for row in part.deployments]
    return {
        "applications": part.model_dump(),
        "names": names,
        "files": as_file_set((watch_settings(plan, tree, server, names),)),
        "units": [
            {
                "name": f"{layout.WATCH}.timer",
                "enablement": "enabled",
                "activity": "running",
                "reads": [f"{layout.UNITS}/{layout.WATCH}.timer"],
            }
        ],
    }


def _plans(
    archive: Mapping[str, Any], directory: Mapping[str, Any], wildfly: Mapping[str, Any]
) -> tuple[ArchivePlan, DirectoryPlan, WildflyPlan]:
    return (
        ArchivePlan.model_validate(plain(archive)),
        DirectoryPlan.model_validate(plain(directory)),
        WildflyPlan.model_validate(plain(wildfly)),
    )


def _list(value: object) -> list[Any]:
    assert isinstance(value, list)
    return value
