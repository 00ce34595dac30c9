"""Backups: programs that run on the node by themselves, their settings, and what starts them every night."""

from __future__ import annotations

import json
from importlib.resources import files

from gatekit.plan.vm1.model import PostgresqlPlan
from gatekit.render.postgresql.server import ABOUT, ARCHIVE_PROGRAM, BACKUP_SETTINGS, LIBRARY
from gatekit.render.text import RenderedFile, header, render

__all__ = ["BASE_EVERY_DAYS", "backup_files"]

BACKUP_PROGRAM = f"{LIBRARY}/postgresql_backup.py"
BASE_EVERY_DAYS = 7  # a base backup: between two, the log fills the gap
MINIMUM_FREE_MB = 4096  # below it the log is not kept: the archive's service goes before its history


def backup_files(plan: PostgresqlPlan) -> tuple[RenderedFile, ...]:
    """Return programs, settings, folders and units of the backups."""
    values = {"header": header(ABOUT), "plan": plan, "program": BACKUP_PROGRAM, "settings": BACKUP_SETTINGS}
    units = "/etc/systemd/system/gatekit-postgresql-backup"
    folders = (plan.backup_folder, *(f"{plan.backup_folder}/{name}" for name in ("base", "dumps", "wal")))
    return (
        RenderedFile(path=ARCHIVE_PROGRAM, content=_program("archive_wal.py"), mode="0755"),
        RenderedFile(path=BACKUP_PROGRAM, content=_program("backup.py"), mode="0755"),
        RenderedFile(path=BACKUP_SETTINGS, content=_settings(plan)),
        *(
            RenderedFile(path=path, state="directory", owner="postgres", group="postgres", mode="0700")
            for path in folders
        ),
        *(
            RenderedFile(path=f"{units}.{kind}", content=render("postgresql", f"backup.{kind}.j2", **values))
            for kind in ("service", "timer")
        ),
    )


def _program(name: str) -> str:
    return files("gatekit.portable.postgresql").joinpath(name).read_text(encoding="utf-8")


def _settings(plan: PostgresqlPlan) -> str:
    settings = {
        "folder": plan.backup_folder,
        "port": plan.port,
        "programs": f"/usr/lib/postgresql/{plan.version}/bin",
        "databases": [row.name for row in plan.databases],
        "dumps_kept_days": plan.dumps_kept_days,
        "wal_kept_days": plan.wal_kept_days,
        "base_every_days": BASE_EVERY_DAYS,
        "minimum_free_mb": MINIMUM_FREE_MB,
    }
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"
