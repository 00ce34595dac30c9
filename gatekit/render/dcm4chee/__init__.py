"""dcm4chee as the Gateway's archive (AP-2): its entries in the directory, its part of WildFly, its files and watch."""

from __future__ import annotations

from gatekit.render.dcm4chee.role_input import dcm4chee_role_input

__all__ = ["dcm4chee_role_input"]
