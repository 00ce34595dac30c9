"""Ansible's name for the rendering of a Linux firewall; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render.linux.firewall_files import firewall_role_input


class FilterModule:
    """The filter of gatekit.render.linux."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {"gatekit_firewall": firewall_role_input}
