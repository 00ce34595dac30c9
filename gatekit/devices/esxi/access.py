"""Roles, local accounts and what is given to them: which of it differs from the plan."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.devices.esxi.access_state import AccountSetting, Grant, RoleSetting
from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.host_state import HostState, Setting, facts
from gatekit.plan.appliance import EsxiAccountPlan, EsxiHostPlan

__all__ = ["plan_access"]


def plan_access(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield the changes in an order that holds: roles, accounts, grants. Other accounts are left alone.

    A password cannot be read; it is as planned when the host lets the account in with it.
    """
    roles = {role.name: role for role in state.access.roles}
    for row in plan.roles:
        role = RoleSetting(row.name, tuple(sorted(row.privileges)))
        before = roles.get(row.name)
        if before != role:
            yield Change(f"role {row.name}", facts(before) if before else None, facts(role), role)
    for account in plan.accounts:
        yield from _account(state, account)
    grants = {grant.account: grant for grant in state.access.grants}
    for account in plan.accounts:
        grant = Grant(account.name, account.role, propagate=True)
        given = grants.get(account.name)
        if given != grant:
            yield Change(f"permission of {account.name}", facts(given) if given else None, facts(grant), grant)


def _account(state: HostState, row: EsxiAccountPlan) -> Iterator[Change[Setting]]:
    descriptions = dict(state.access.accounts)
    refused = row.name in state.refused_logins or row.name not in descriptions
    wanted = AccountSetting(row.name, row.description, password_accepted=True, new_password=refused)
    if row.name not in descriptions:
        yield Change(f"account {row.name}", None, facts(wanted), wanted)
    elif refused or descriptions[row.name] != row.description:
        before = AccountSetting(row.name, descriptions[row.name], password_accepted=not refused)
        yield Change(f"account {row.name}", facts(before), facts(wanted), wanted)
