"""WildFly on VM1 (AP-2): its unit and settings as files, its configuration as a wish for the management API."""

from __future__ import annotations

from gatekit.render.wildfly.files import wildfly_files
from gatekit.render.wildfly.parts import Application, Resource, ServerPart, absent, application, data_source, present
from gatekit.render.wildfly.wish import server_wish

__all__ = [
    "Application",
    "Resource",
    "ServerPart",
    "absent",
    "application",
    "data_source",
    "present",
    "server_wish",
    "wildfly_files",
]
