"""The renderer as Ansible calls it: the plan's dict in, what file_set takes out. No decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekit.plan.vm1.model import PacsGatewayPlan
from gatekit.render.edge import plain
from gatekit.render.pacs_gateway import gateway_files
from gatekit.render.text import as_file_set

__all__ = ["files"]


def files(plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the service's files for file_set."""
    return as_file_set(gateway_files(PacsGatewayPlan.model_validate(plain(plan))))
