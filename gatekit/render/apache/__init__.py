"""VM1's front: Apache with TLS, the plan's paths and nothing else, ModSecurity and the core rule set (AP-2, OP-2)."""

from __future__ import annotations

from gatekit.render.apache.front import apache_role_input, front_files, front_units

__all__ = ["apache_role_input", "front_files", "front_units"]
