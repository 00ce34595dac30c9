"""Ansible's names for dcm4chee's distribution and rendering; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.controller.distribution import checked_distribution
from gatekit.render.dcm4chee.role_input import dcm4chee_role_input, dcm4chee_running


class FilterModule:
    """The filters of gatekit.controller.distribution and gatekit.render.dcm4chee."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_dcm4chee": dcm4chee_role_input,
            "gatekit_dcm4chee_distribution": checked_distribution,
            "gatekit_dcm4chee_running": dcm4chee_running,
        }
