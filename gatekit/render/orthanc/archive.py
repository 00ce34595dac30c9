"""The files and units of Orthanc as archive; one place for what the role lays down and runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gatekit.errors import RenderError
from gatekit.plan.vm1.model import ArchivePlan
from gatekit.portable import orthanc_retention
from gatekit.render.edge import plain
from gatekit.render.orthanc.configuration import CACHE_FOLDER, GUARDS, INDEX_CONNECTIONS, configuration
from gatekit.render.text import RenderedFile, as_file_set, header, render

__all__ = ["archive_files", "archive_units", "orthanc_role_input"]

ACCOUNT = "orthanc"  # of the Debian package
CONFIGURATION = "/etc/orthanc/gatekit.json"
RETENTION = "/usr/local/lib/gatekit/orthanc_retention.py"
UNIT_FOLDER = "/etc/systemd/system"
UNIT_SETTINGS = f"{UNIT_FOLDER}/orthanc.service.d/60-gatekit.conf"


def orthanc_role_input(archive: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``files`` for file_set and ``units`` for unit_set from the archive's part of the plan."""
    plan = ArchivePlan.model_validate(plain(archive))
    return {"files": as_file_set(archive_files(plan)), "units": archive_units(plan)}


def archive_files(plan: ArchivePlan) -> tuple[RenderedFile, ...]:
    """Return everything on the disk that is ours; the database password only by its name.

    Raises:
        RenderError: GW302 when the plan asks for another engine.
    """
    if plan.engine != "orthanc":
        raise RenderError(
            "GW302", "vm1.archive.engine", plan.engine, "This role is Orthanc; use the role of the engine."
        )
    head = header("vm1.archive")
    values = {"header": head, "archive": plan, "configuration": CONFIGURATION, "cache": CACHE_FOLDER}
    return (
        RenderedFile(path=plan.storage_folder, state="directory", mode="0750", owner=ACCOUNT, group=ACCOUNT),
        RenderedFile(path=CACHE_FOLDER, state="directory", mode="0700", owner=ACCOUNT, group=ACCOUNT),
        RenderedFile(path=CONFIGURATION, content=configuration(plan), mode="0640", group=ACCOUNT),
        RenderedFile(path=GUARDS, content=render("orthanc", "guards.lua.j2", **_lua(plan))),
        RenderedFile(path=UNIT_SETTINGS, content=render("orthanc", "orthanc.service.conf.j2", **values)),
        RenderedFile(path=RETENTION, content=Path(orthanc_retention.__file__).read_text(encoding="utf-8")),
        *(
            RenderedFile(
                path=f"{UNIT_FOLDER}/orthanc-retention.{kind}",
                content=render("orthanc", f"orthanc-retention.{kind}.j2", program=RETENTION, account=ACCOUNT, **values),
            )
            for kind in ("service", "timer")
        ),
    )


def _lua(plan: ArchivePlan) -> dict[str, object]:
    return {
        "header": header("vm1.archive", "--"),
        "folder": plan.storage_folder,
        "minimum_bytes": plan.minimum_free_gb * 10**9,
        "connections": INDEX_CONNECTIONS,
    }


def archive_units(plan: ArchivePlan) -> list[dict[str, Any]]:
    """Return the units; the retention timer runs only where the site limits how long studies are kept."""
    limited = plan.retention_months is not None
    return [
        {
            "name": "orthanc.service",
            "enablement": "enabled",
            "activity": "running",
            "reads": [CONFIGURATION, GUARDS, UNIT_SETTINGS],
        },
        {
            "name": "orthanc-retention.timer",
            "enablement": "enabled" if limited else "disabled",
            "activity": "running" if limited else "stopped",
            "reads": [f"{UNIT_FOLDER}/orthanc-retention.timer"],
        },
    ]
