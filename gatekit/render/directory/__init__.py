"""The archive's directory: slapd's configuration, its unit and its nightly dump."""

from __future__ import annotations

from gatekit.render.directory.files import directory_files
from gatekit.render.directory.server import server_configuration

__all__ = ["directory_files", "server_configuration"]
