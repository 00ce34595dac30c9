"""Ansible's names for the renderer of the PACS GatewayService; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.pacs_gateway import edge


class FilterModule:
    """The filters of gatekit.render.pacs_gateway."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_pacs_gateway_files": edge.files}
