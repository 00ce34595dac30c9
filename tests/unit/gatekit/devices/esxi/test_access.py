"""Roles, accounts and what is given to them; and that the automation account can do its work and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pyVmomi.VmomiSupport import GetVmodlType

from gatekit.devices import esxi
from gatekit.devices.esxi.access import plan_access
from gatekit.devices.esxi.access_state import Access, Grant, RoleSetting
from tests.unit.gatekit.devices.esxi.planned_host import as_planned, plan

ADMINISTRATORS_ONLY = {"Host.Local.ManageUserGroups", "Authorization.ModifyRoles"}
EVERYBODYS = {"System.View", "System.Read", "System.Anonymous", None}


def subjects(access: Access, refused: tuple[str, ...] = ()) -> list[str]:
    state = replace(as_planned(), access=access, refused_logins=refused)
    return [change.line() for change in plan_access(state, plan())]


def test_a_role_with_another_set_of_privileges_is_put_right() -> None:
    access = as_planned().access
    roles = tuple(replace(row, privileges=row.privileges[1:]) if "ups" in row.name else row for row in access.roles)
    assert subjects(replace(access, roles=roles)) == [
        (
            'role gatekit-ups: privileges ["VirtualMachine.Interact.PowerOff"] -> '
            '["Host.Config.Maintenance", "VirtualMachine.Interact.PowerOff"]'
        )
    ]


def test_a_password_the_host_refuses_is_set_again_and_never_shown() -> None:
    changes = subjects(as_planned().access, refused=("gwups",))
    assert changes == ["account gwups: password_accepted false -> true"]


def test_an_account_with_another_role_gets_the_planned_one() -> None:
    access = as_planned().access
    grants = tuple(replace(row, role="Admin") if row.account == "gwauto" else row for row in access.grants)
    assert subjects(replace(access, grants=grants)) == ['permission of gwauto: role "Admin" -> "gatekit-automation"']


def test_accounts_and_roles_of_others_are_left_alone() -> None:
    access = as_planned().access
    more = Access(
        (*access.roles, RoleSetting("backup", ("Datastore.Browse",))),
        (*access.accounts, ("tanaka", "")),
        (*access.grants, Grant("tanaka", "ReadOnly", propagate=True)),
    )
    assert subjects(more) == []


def test_the_ups_account_can_stop_machines_and_host_and_nothing_else() -> None:
    role = next(row for row in plan().roles if row.name == "gatekit-ups")
    assert role.privileges == ("Host.Config.Maintenance", "VirtualMachine.Interact.PowerOff")


def test_nobody_but_the_administrator_may_say_who_may_do_what() -> None:
    for role in plan().roles:
        assert not [name for name in role.privileges if name.startswith(("Authorization.", "Host.Local.", "Sessions."))]


def called_methods() -> dict[str, str | None]:
    """Return every method of the vSphere API this package calls, with the privilege pyVmomi's tables name for it."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(esxi.__file__).parent.glob("*.py"))
    words = set(re.findall(r"\.([A-Z][A-Za-z_]+)\b", source))
    found: dict[str, str | None] = {}
    for kind in MANAGED:
        for info in GetVmodlType(kind)._methodInfo.values():
            if info.wsdlName in words - OF_THE_STUB:
                found[f"{kind}.{info.wsdlName}"] = info.privId
    return found


OF_THE_STUB = {"DropConnections"}  # pyVmomi's own, not the API's of the same name
MANAGED = [
    "vim.VirtualMachine", "vim.Folder", "vim.HostSystem", "vim.FileManager", "vim.UserDirectory",
    "vim.AuthorizationManager", "vim.LicenseManager", "vim.Datastore", "vim.ResourcePool", "vim.OvfManager",
    "vim.HttpNfcLease", "vim.VirtualDiskManager", "vim.host.DatastoreBrowser", "vim.vm.Snapshot",
    "vim.option.OptionManager", "vim.host.NetworkSystem", "vim.host.FirewallSystem", "vim.host.ServiceSystem",
    "vim.host.DateTimeSystem", "vim.host.AutoStartManager", "vim.host.CertificateManager",
    "vim.host.VirtualNicManager", "vim.host.ImageConfigManager", "vim.host.LocalAccountManager",
]  # fmt: skip


def test_the_automation_account_has_the_privilege_of_every_method_we_call() -> None:
    called = called_methods()
    assert "vim.host.NetworkSystem.UpdateDnsConfig" in called
    role = next(row for row in plan().roles if row.name == "gatekit-automation")
    allowed = {*role.privileges, *EVERYBODYS, *ADMINISTRATORS_ONLY}
    assert {name: privilege for name, privilege in called.items() if privilege not in allowed} == {}


@pytest.mark.parametrize("method", ["CreateUser", "AddAuthorizationRole"])
def test_methods_of_the_administrator_are_known_as_such(method: str) -> None:
    assert {privilege for name, privilege in called_methods().items() if name.endswith(method)} <= ADMINISTRATORS_ONLY
