"""One run over the host: who logs in, what is seen, what is written, and the proof that it is as planned now."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial

from gatekit.devices.esxi.access_state import AccountSetting, Grant, RoleSetting
from gatekit.devices.esxi.certificate import (
    await_other_certificate,
    first_contact,
    judge_certificate,
    served_certificate,
)
from gatekit.devices.esxi.host import HostChanges, apply_host, plan_host
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.host_secrets import HostSecrets
from gatekit.devices.esxi.host_state import HostState, ServerCertificate
from gatekit.devices.esxi.session import Session, Target, open_session
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["HostLogin", "compare_host", "converge_host", "deviation_notes"]

NOT_LET_IN = frozenset({"GW401", "GW404"})
"""Login refused, or let in without any right: the account has to be made or repaired by the administrator."""


@dataclass(frozen=True, slots=True)
class HostLogin:
    """How the host is reached and by whom.

    ``target`` names the automation account and the site's CA; ``fingerprint`` (SHA-256) is the factory certificate's,
    for the first contact. The administrator is used only where the automation account cannot work or may not.
    """

    target: Target
    administrator: str
    administrator_password: str = field(repr=False)
    secrets: HostSecrets
    fingerprint: str | None = None

    def open_as(self, user: str) -> AbstractContextManager[Session]:
        """Log in as one account, with the trust the certificate needs now."""
        target = first_contact(self.target, self.fingerprint)
        return open_session(replace(target, user=user, password=self._password(user)))

    def refusal(self, user: str) -> str | None:
        """Return the code with which the host refuses an account; None when it lets it in."""
        try:
            with self.open_as(user):
                return None
        except DeviceError as error:
            if error.code not in NOT_LET_IN:
                raise
            return error.code

    def _password(self, user: str) -> str:
        return self.administrator_password if user == self.administrator else self.secrets.passwords[user]


def converge_host(login: HostLogin, plan: EsxiHostPlan, *, check: bool) -> HostChanges:
    """Return the changes that were (with ``check``: would be) written.

    After writing, the host is read once more as the automation account: it has to be as planned.

    Raises:
        DeviceError: see ``plan_host`` and ``apply_host``; GW406 when the host took every write and still differs.
    """
    changes, user = compare_host(login, plan)
    if not changes.changed or check:
        return changes
    writer = login.administrator if _needs_administrator(changes) else user
    shown = served_certificate(login.target)
    apply_host(
        partial(login.open_as, writer), changes, login.secrets, partial(await_other_certificate, login.target, shown)
    )
    left, user = compare_host(login, plan)
    if left.changed or user != plan.user:
        fix = "Read /var/log/hostd.log: the host took it and kept its own."
        raise DeviceError("GW406", plan.name, left.lines() or f"works only as {user}", fix)
    return changes


def compare_host(login: HostLogin, plan: EsxiHostPlan) -> tuple[HostChanges, str]:
    """Return what differs from the plan, and the account that read it: automation, or at first the administrator."""
    others = (account.name for account in plan.accounts if account.name != plan.user)
    refused = [name for name in others if login.refusal(name) == "GW401"]
    certificate = _certificate(login)
    with ExitStack() as ends:
        user = plan.user
        try:
            session = ends.enter_context(login.open_as(user))
        except DeviceError as error:
            if error.code not in NOT_LET_IN:
                raise
            refused += [user] if error.code == "GW401" else []
            user = login.administrator
            session = ends.enter_context(login.open_as(user))
        state: HostState = observe_host(session, certificate, refused)
    return plan_host(state, plan), user


def deviation_notes(plan: EsxiHostPlan, today: date) -> tuple[str, ...]:
    """Return a sentence for every deviation from the hardening baseline, an ended one first."""
    rows = sorted(plan.deviations, key=lambda row: (row.until, row.item))
    return tuple(
        f"{plan.name}: {row.item} deviates from the baseline until {row.until}"
        + (", WHICH IS OVER: remove it from the site file or give it a new end" if row.until < today else "")
        for row in rows
    )


def _certificate(login: HostLogin) -> ServerCertificate | None:
    """Return the served certificate as the site's CA sees it; None where the CA is not ours to sign with."""
    authority = login.secrets.authority
    if authority is None:
        return None
    return judge_certificate(served_certificate(login.target), authority.certificate, datetime.now(UTC))


def _needs_administrator(changes: HostChanges) -> bool:
    return any(isinstance(change.step, RoleSetting | AccountSetting | Grant) for change in changes.changes)
