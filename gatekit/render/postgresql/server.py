"""The server's own files: how its cluster is made, what it may use, who may come in, how its unit runs."""

from __future__ import annotations

from gatekit.plan.vm1.model import PostgresqlPlan
from gatekit.render.text import RenderedFile, header, render

__all__ = ["ARCHIVE_PROGRAM", "access_path", "cluster_files", "cluster_unit", "server_files", "settings_path"]

LIBRARY = "/usr/local/lib/gatekit"
ARCHIVE_PROGRAM = f"{LIBRARY}/postgresql_archive_wal.py"
BACKUP_SETTINGS = "/etc/gatekit/postgresql_backup.json"
ABOUT = "vm1.postgresql"


def _folder(plan: PostgresqlPlan) -> str:
    return f"/etc/postgresql/{plan.version}/main"


def settings_path(plan: PostgresqlPlan) -> str:
    """Return the path of our settings, read after the distribution's."""
    return f"{_folder(plan)}/conf.d/60-gatekit.conf"


def access_path(plan: PostgresqlPlan) -> str:
    """Return the path of the rules that say who may come in."""
    return f"{_folder(plan)}/pg_hba.conf"


def cluster_unit(plan: PostgresqlPlan) -> str:
    """Return the unit of the one cluster."""
    return f"postgresql@{plan.version}-main.service"


def cluster_files() -> tuple[RenderedFile, ...]:
    """Return what has to stand before the package makes its cluster: checksums, one locale, no trust."""
    text = render("postgresql", "createcluster.conf.j2", header=header(ABOUT))
    return (RenderedFile(path="/etc/postgresql-common/createcluster.conf", content=text),)


def server_files(plan: PostgresqlPlan) -> tuple[RenderedFile, ...]:
    """Return settings, access rules and the unit's limits."""
    about = header(ABOUT)
    values = {"header": about, "plan": plan}
    settings = render(
        "postgresql",
        "settings.conf.j2",
        **values,
        maintenance_mb=_maintenance_mb(plan),
        archive=f"/usr/bin/python3 {ARCHIVE_PROGRAM} {BACKUP_SETTINGS}",
    )
    unit = f"/etc/systemd/system/{cluster_unit(plan)}.d/60-gatekit.conf"
    return (
        RenderedFile(path=settings_path(plan), content=settings, owner="postgres", group="postgres"),
        RenderedFile(
            path=access_path(plan),
            content=render("postgresql", "pg_hba.conf.j2", **values),
            owner="postgres",
            group="postgres",
            mode="0640",
        ),
        RenderedFile(path=unit, content=render("postgresql", "cluster.service.j2", **values)),
    )


def _maintenance_mb(plan: PostgresqlPlan) -> int:
    """Return memory for VACUUM and CREATE INDEX: an eighth of the buffers, 64 MB to 1 GB."""
    return max(64, min(1024, plan.shared_buffers_mb // 8))
