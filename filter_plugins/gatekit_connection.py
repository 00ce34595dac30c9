"""Ansible's name for the questions of a connection test; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.connection.questions import probe_systems


class FilterModule:
    """The filter of gatekit.connection."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_connection_systems": probe_systems}
