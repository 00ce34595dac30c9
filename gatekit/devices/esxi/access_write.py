"""Writes roles, local accounts and what is given to them; needs the administrator's session."""

from __future__ import annotations

from gatekit.devices.esxi.access_read import role_ids
from gatekit.devices.esxi.access_state import EVERY_ROLE_HAS, AccountSetting, Grant, RoleSetting
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmomi import vim

__all__ = ["write_access"]


def write_access(
    session: Session, subject: str, setting: RoleSetting | AccountSetting | Grant, secrets: HostSecrets
) -> None:
    """Send one role, account or grant to the host.

    Raises:
        DeviceError: the meaning of the host's fault; GW402 when the connection broke.
    """
    match setting:
        case RoleSetting():
            _write_role(session, subject, setting)
        case AccountSetting():
            _write_account(session, subject, setting, secrets)
        case Grant():
            _write_grant(session, subject, setting)


def _write_role(session: Session, subject: str, wanted: RoleSetting) -> None:
    """Make the role, or replace its privileges."""
    manager, number = session.content.authorizationManager, role_ids(session).get(wanted.name)
    privileges = sorted({*wanted.privileges, *EVERY_ROLE_HAS})
    if number is None:
        session.write(subject, lambda: manager.AddAuthorizationRole(wanted.name, privileges))
    else:
        session.write(subject, lambda: manager.UpdateAuthorizationRole(number, wanted.name, privileges))


def _write_account(session: Session, subject: str, wanted: AccountSetting, secrets: HostSecrets) -> None:
    """Make the account without a shell, or give it the vault's password and its description again."""
    spec = vim.host.LocalAccountManager.PosixAccountSpecification(
        id=wanted.name,
        password=secrets.passwords[wanted.name] if wanted.new_password else None,
        description=wanted.description,
        shellAccess=False,
    )
    manager, directory = session.content.accountManager, session.content.userDirectory
    present = session.read(
        subject,
        lambda: directory.RetrieveUserGroups(
            domain=None, searchStr=wanted.name, exactMatch=True, findUsers=True, findGroups=False
        ),
    )
    call = manager.UpdateUser if present else manager.CreateUser
    session.write(subject, lambda: call(spec))


def _write_grant(session: Session, subject: str, wanted: Grant) -> None:
    """Give the account its role on the root folder; what others have stays."""
    permission = vim.AuthorizationManager.Permission(
        principal=wanted.account,
        group=False,
        roleId=role_ids(session)[wanted.role],
        propagate=wanted.propagate,
    )
    manager, folder = session.content.authorizationManager, session.content.rootFolder
    session.write(subject, lambda: manager.SetEntityPermissions(folder, [permission]))
