"""Ansible's names for the rendering of PostgreSQL; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.postgresql import role_input


class FilterModule:
    """The filters of gatekit.render.postgresql."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_postgresql": role_input.role_input,
            "gatekit_postgresql_restore": role_input.restore_input,
            "gatekit_postgresql_users": role_input.users,
        }
