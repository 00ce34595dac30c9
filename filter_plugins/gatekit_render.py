"""Ansible's names for the renderers; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.render import edge


class FilterModule:
    """The filters of gatekit.render."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_guest_files": edge.guest_files,
            "gatekit_guest_names": edge.guest_names,
            "gatekit_guest_packet_filter": edge.guest_packet_filter,
            "gatekit_guest_package_sources": edge.guest_package_sources,
            "gatekit_proxy_files": edge.proxy_files,
        }
