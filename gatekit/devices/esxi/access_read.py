"""Reads roles, local accounts and what is given on the root folder."""

from __future__ import annotations

from gatekit.devices.esxi.access_state import EVERY_ROLE_HAS, Access, Grant, RoleSetting
from gatekit.devices.esxi.session import Session

__all__ = ["observe_access", "role_ids"]


def observe_access(session: Session) -> Access:
    """Return who may do what; passwords cannot be read."""
    manager, content = session.content.authorizationManager, session.content
    roles = session.read("roles", lambda: manager.roleList)
    names = {role.roleId: role.name for role in roles}
    given = session.read("permissions", lambda: manager.RetrieveEntityPermissions(content.rootFolder, False))
    users = session.read(
        "accounts",
        lambda: content.userDirectory.RetrieveUserGroups(
            domain=None, searchStr="", exactMatch=False, findUsers=True, findGroups=False
        ),
    )
    return Access(
        roles=tuple(
            RoleSetting(role.name, tuple(sorted(set(role.privilege or ()) - EVERY_ROLE_HAS))) for role in roles
        ),
        accounts=tuple(sorted((user.principal, user.fullName or "") for user in users or ())),
        grants=tuple(
            Grant(row.principal, names.get(row.roleId, str(row.roleId)), bool(row.propagate))
            for row in given or ()
            if not row.group
        ),
    )


def role_ids(session: Session) -> dict[str, int]:
    """Return the host's number of each role, by name."""
    manager = session.content.authorizationManager
    return {role.name: role.roleId for role in session.read("roles", lambda: manager.roleList)}
