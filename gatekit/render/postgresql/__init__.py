"""PostgreSQL of VM1: settings, who may come in, its unit, dumps and write-ahead log."""

from __future__ import annotations

from gatekit.render.postgresql.backup import backup_files
from gatekit.render.postgresql.server import cluster_files, server_files

__all__ = ["backup_files", "cluster_files", "server_files"]
