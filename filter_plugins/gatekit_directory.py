"""Ansible's names for the rendering of the directory; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.directory import role_input


class FilterModule:
    """The filters of gatekit.render.directory."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_directory": role_input.role_input,
            "gatekit_directory_server": role_input.server,
            "gatekit_directory_sources": role_input.sources,
        }
