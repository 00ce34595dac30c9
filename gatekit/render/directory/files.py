"""Files of the directory: how the unit runs, and its nightly dump."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import PurePosixPath

from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.render.directory.server import CONFIGURATION_FOLDER, CONTENT_FOLDER
from gatekit.render.text import RenderedFile, header, render

__all__ = ["directory_files"]

PROGRAM = "/usr/local/lib/gatekit/directory_dump.py"
SETTINGS = "/etc/gatekit/directory_dump.json"


def directory_files(plan: DirectoryPlan) -> tuple[RenderedFile, ...]:
    """Return every file and folder of the role."""
    about = header("vm1.directory")
    units = "/etc/systemd/system"
    values = {
        "header": about,
        "plan": plan,
        "configuration": CONFIGURATION_FOLDER,
        "content": CONTENT_FOLDER,
        "program": PROGRAM,
        "settings": SETTINGS,
    }
    return (
        RenderedFile(path="/etc/default/slapd", content=render("directory", "slapd.default.j2", **values)),
        RenderedFile(path=CONTENT_FOLDER, state="directory", owner="openldap", group="openldap", mode="0700"),
        RenderedFile(path=plan.backup_folder, state="directory", owner="openldap", group="openldap", mode="0700"),
        RenderedFile(
            path=f"{units}/slapd.service.d/60-gatekit.conf", content=render("directory", "slapd.service.j2", **values)
        ),
        RenderedFile(path=PROGRAM, content=_program(), mode="0755"),
        RenderedFile(path=SETTINGS, content=_settings(plan)),
        RenderedFile(
            path=f"{units}/gatekit-directory-dump.service",
            content=render("directory", "gatekit-directory-dump.service.j2", **values),
        ),
        RenderedFile(
            path=f"{units}/gatekit-directory-dump.timer",
            content=render("directory", "gatekit-directory-dump.timer.j2", **values),
        ),
    )


def _program() -> str:
    return files("gatekit.portable.directory").joinpath("dump.py").read_text(encoding="utf-8")


def _settings(plan: DirectoryPlan) -> str:
    settings = {
        "folder": str(PurePosixPath(plan.backup_folder)),
        "kept_days": plan.dumps_kept_days,
        "configuration": CONFIGURATION_FOLDER,
        "databases": {"configuration": 0, "entries": 1},
    }
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"
