"""NUT and the shutdown in order: VM2 speaks with the UPS, VM1 hears of it (AP-5)."""

from __future__ import annotations

from gatekit.render.ups.role_input import ups_role_input

__all__ = ["ups_role_input"]
