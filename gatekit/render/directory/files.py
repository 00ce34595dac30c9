"""Files of the directory: how the unit runs, and its nightly dump."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from gatekit.plan.vm1.model import DirectoryPlan
from gatekit.render.directory.server import CONFIGURATION_FOLDER, CONTENT_FOLDER, UNIT, listeners
from gatekit.render.text import RenderedFile, header, render

__all__ = ["directory_files", "directory_units"]

PROGRAM = "/usr/local/lib/gatekit/directory_dump.py"
SETTINGS = "/etc/gatekit/directory_dump.json"
DUMP = "gatekit-directory-dump"
UNITS = "/etc/systemd/system"
UNIT_SETTINGS = f"{UNITS}/{UNIT}.d/60-gatekit.conf"


def directory_files(plan: DirectoryPlan) -> tuple[RenderedFile, ...]:
    """Return every file and folder of the role."""
    about = header("vm1.directory")
    values = {
        "header": about,
        "plan": plan,
        "configuration": CONFIGURATION_FOLDER,
        "content": CONTENT_FOLDER,
        "program": PROGRAM,
        "settings": SETTINGS,
        "listeners": listeners(plan),
    }
    return (
        RenderedFile(path="/etc/default/slapd", content=render("directory", "slapd.default.j2", **values)),
        RenderedFile(path=CONTENT_FOLDER, state="directory", owner="openldap", group="openldap", mode="0700"),
        RenderedFile(path=plan.backup_folder, state="directory", owner="openldap", group="openldap", mode="0700"),
        RenderedFile(path=UNIT_SETTINGS, content=render("directory", "slapd.service.j2", **values)),
        RenderedFile(path=PROGRAM, content=_program(), mode="0755"),
        RenderedFile(path=SETTINGS, content=_settings(plan)),
        *(
            RenderedFile(path=f"{UNITS}/{DUMP}.{kind}", content=render("directory", f"{DUMP}.{kind}.j2", **values))
            for kind in ("service", "timer")
        ),
    )


def directory_units() -> list[dict[str, Any]]:
    """Return the units of unit_set: the server, started anew with other settings, and the timer of its dump."""
    timer = f"{DUMP}.timer"
    return [
        {"name": UNIT, "enablement": "enabled", "activity": "running", "reads": [UNIT_SETTINGS]},
        {"name": timer, "enablement": "enabled", "activity": "running", "reads": [f"{UNITS}/{timer}"]},
    ]


def _program() -> str:
    return files("gatekit.portable.directory").joinpath("dump.py").read_text(encoding="utf-8")


def _settings(plan: DirectoryPlan) -> str:
    settings = {
        "folder": plan.backup_folder,
        "kept_days": plan.dumps_kept_days,
        "configuration": CONFIGURATION_FOLDER,
        "databases": {"configuration": 0, "entries": 1},
    }
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"
