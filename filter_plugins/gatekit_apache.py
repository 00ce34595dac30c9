"""Ansible's name for the rendering of VM1's front; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.apache import apache_role_input


class FilterModule:
    """The filter of gatekit.render.apache."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_apache": apache_role_input}
