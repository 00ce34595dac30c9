"""Ansible's names for what the role windows_maintenance is given; a table, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gatekit.certificates.windows import der_base64, pkcs12_base64, pkcs12_password, thumbprint
from gatekit.render.windows import role_input
from gatekit.verify.windows_records import applied_json


class FilterModule:
    """Filters of gatekit.render.windows, gatekit.controller and gatekit.verify."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return filter name to function."""
        return {
            "gatekit_windows": role_input,
            "gatekit_windows_applied": applied_json,
            "gatekit_windows_der": der_base64,
            "gatekit_windows_pkcs12": pkcs12_base64,
            "gatekit_windows_pkcs12_password": pkcs12_password,
            "gatekit_windows_thumbprint": thumbprint,
        }
