"""WildFly's renderers as Ansible calls them: a plan's dict in, what the modules take out. No decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from gatekit.plan.vm1.model import DatabasePlan, WildflyPlan
from gatekit.render.edge import plain
from gatekit.render.text import as_file_set
from gatekit.render.wildfly import layout
from gatekit.render.wildfly.files import DIGEST_SECRET, PASSWORD_SECRET, STORE_SECRET, wildfly_files
from gatekit.render.wildfly.parts import ServerPart, data_source
from gatekit.render.wildfly.wish import server_wish

__all__ = ["connection", "data_source_resource", "file_secrets", "files", "paths", "wish"]


def files(plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the role's files for file_set."""
    return as_file_set(wildfly_files(WildflyPlan.model_validate(plain(plan))))


def file_secrets(secrets: Mapping[str, str], plan: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets the files name: two of the plan's, and the digest the server keeps instead of a password."""
    password = secrets[plan["management_password"]]
    text = f"{layout.MANAGEMENT_USER}:{layout.MANAGEMENT_REALM}:{password}"
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # what the server's realm file holds
    return {PASSWORD_SECRET: password, STORE_SECRET: secrets[plan["keystore_password"]], DIGEST_SECRET: digest}


def wish(plan: Mapping[str, Any], additional: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the role's part, with additional parts put to it, as the module wildfly_server takes it."""
    parts = [ServerPart.model_validate(plain(part)) for part in additional]
    return server_wish(WildflyPlan.model_validate(plain(plan)), parts).model_dump()


def paths(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return where things stand, for the tasks of the role."""
    return {
        "archive": f"{layout.VERSIONS}/.wildfly-{plan['version']}.zip",
        "link": layout.LINK,
        "base_folder": layout.BASE_FOLDER,
        "configuration": layout.CONFIGURATION,
        "unit": layout.UNIT,
        "keystore": layout.KEYSTORE,
        "state": layout.STATE,
        "incoming": layout.INCOMING,
        "read_by_the_unit": [
            layout.UNIT_FILE,
            layout.ENVIRONMENT,
            layout.KEYSTORE,
            layout.REALM_FILE,
            layout.DRIVER_DESCRIPTOR,
        ],
    }


def data_source_resource(database: Mapping[str, Any], name: str, jndi_name: str, connections: int) -> dict[str, Any]:
    """Return the resource of a data source, for the part of another role."""
    plan = DatabasePlan.model_validate(plain(database))
    return data_source(name, jndi_name, plan, connections=connections).model_dump()


def connection(plan: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """Return how the management API is reached."""
    password = secrets[plan["management_password"]]
    return {"port": plan["management_port"], "user": layout.MANAGEMENT_USER, "password": password}
