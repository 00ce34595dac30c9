"""Ansible's name for the rendering of Orthanc; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.orthanc import orthanc_role_input


class FilterModule:
    """The filter of gatekit.render.orthanc."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_orthanc": orthanc_role_input}
