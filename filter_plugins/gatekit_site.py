"""Names for library functions about the site; no branch here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.controller.connections import (
    changed_on_host,
    device_doors,
    network_platform,
    secrets_named,
    ssh_connections,
    verification_facts,
)
from gatekit.controller.ways import device_ways


class FilterModule:
    """The filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return name -> function."""
        return {
            "changed_on_host": changed_on_host,
            "device_doors": device_doors,
            "device_ways": device_ways,
            "network_platform": network_platform,
            "secrets_named": secrets_named,
            "ssh_connections": ssh_connections,
            "verification_facts": verification_facts,
        }
