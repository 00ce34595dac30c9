"""The edge: Ansible's dicts become types, files become options of our modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatekit.plan.vm1.model import PostgresqlPlan
from gatekit.render.edge import plain
from gatekit.render.postgresql.backup import backup_files
from gatekit.render.postgresql.server import access_path, cluster_files, cluster_unit, server_files, settings_path
from gatekit.render.text import as_file_set

__all__ = ["restore_input", "role_input", "users"]


def role_input(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what roles/postgresql hands to its modules."""
    typed = PostgresqlPlan.model_validate(plain(plan))
    unit = cluster_unit(typed)
    return {
        "cluster": as_file_set(cluster_files()),
        "files": as_file_set((*server_files(typed), *backup_files(typed))),
        "unit": unit,
        "reads": [settings_path(typed), access_path(typed)],
        "databases": [{"name": row.name, "owner": row.owner, "credential": row.password} for row in typed.databases],
        "units": [
            {"name": "postgresql.service", "enablement": "enabled", "activity": "running"},
            {"name": unit, "activity": "running"},
            {"name": "gatekit-postgresql-backup.timer", "enablement": "enabled", "activity": "running"},
        ],
    }


def restore_input(plan: Mapping[str, Any], database: str) -> dict[str, Any]:
    """Return what playbooks/restore_database.yml needs of the plan; ``owner`` is empty when no database is named."""
    typed = PostgresqlPlan.model_validate(plain(plan))
    owners = {row.name: row.owner for row in typed.databases}
    return {
        "port": typed.port,
        "unit": cluster_unit(typed),
        "folder": typed.backup_folder,
        "data": f"/var/lib/postgresql/{typed.version}/main",
        "programs": f"/usr/lib/postgresql/{typed.version}/bin",
        "owner": owners.get(database, ""),
        "databases": sorted(owners),
    }


def users(names: Sequence[str], activity: str) -> list[dict[str, str]]:
    """Return the ``units`` of unit_set that stops or runs the services of these names."""
    return [{"name": name, "activity": activity} for name in names]
