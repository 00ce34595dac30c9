"""Ansible's name for the rendering of the UPS; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.ups import ups_role_input


class FilterModule:
    """The filter of gatekit.render.ups."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_ups": ups_role_input}
