"""The host: observed state + plan -> change set -> applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from gatekit.devices.esxi.access import plan_access
from gatekit.devices.esxi.access_state import AccountSetting
from gatekit.devices.esxi.certificate import plan_certificate
from gatekit.devices.esxi.changes import Change, ChangeSet
from gatekit.devices.esxi.firewall import SESSION_RULES, plan_firewall
from gatekit.devices.esxi.host_read import observe_host, ruleset_of
from gatekit.devices.esxi.host_secrets import NO_SECRETS, HostSecrets
from gatekit.devices.esxi.host_state import (
    Datastore,
    DefaultPolicy,
    Dns,
    HostState,
    Ntp,
    Ruleset,
    ServerCertificate,
    Service,
    Setting,
    facts,
)
from gatekit.devices.esxi.host_write import write_setting
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.licence import licence_notes, refuse_unusable
from gatekit.devices.esxi.networking import plan_networking
from gatekit.devices.esxi.options import option_notes, plan_options
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.vmkernel import plan_vmkernel
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["HostChanges", "OpenSession", "apply_host", "observe_host", "plan_host"]

SENT_ONCE = (AccountSetting, ServerCertificate)
"""Not tried again when the connection breaks: a password just taken is refused as an old one, and a request for a
certificate makes a new key."""

type HostChanges = ChangeSet[Setting]
type OpenSession = Callable[[], AbstractContextManager[Session]]
"""Logs in anew, with the trust the host's certificate needs at that moment."""


def plan_host(state: HostState, plan: EsxiHostPlan) -> HostChanges:
    """Return every change from the observed host to the plan, in the order they are written. Pure.

    Accounts and certificate come before the firewall, which comes last: what could cut us off is tried when
    everything else is done. Autostart is not among them: it names the virtual machines and is set with them
    (``vm_build``).

    Raises:
        DeviceError: GW405 a licence that allows no change, GW407 unknown uplink, service, rule or datastore,
            GW408, GW409 (see ``plan_networking``), GW432 the change would cut our own session.
    """
    refuse_unusable(state.licence, plan.name)
    changes = (
        *plan_access(state, plan),
        *plan_certificate(state, plan),
        *plan_networking(state, plan),
        *plan_vmkernel(state, plan),
        *_names(state, plan),
        *plan_options(state, plan),
        *_clock(state, plan),
        *_services(state, plan),
        *_datastore(state, plan),
        *plan_firewall(state, plan),
    )
    return ChangeSet(changes, (*licence_notes(state.licence, plan), *option_notes(state, plan)))


def _names(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    servers = tuple(str(server) for server in plan.dns_servers)
    wanted = Dns(dhcp=False, host_name=plan.name, domain=plan.domain, servers=servers, search=(plan.domain,))
    if state.dns != wanted:
        yield Change("dns", facts(state.dns), facts(wanted), wanted)


def _clock(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    wanted = Ntp(enabled=True, servers=tuple(str(server) for server in plan.ntp_servers))
    if state.ntp != wanted:
        yield Change("ntp", facts(state.ntp), facts(wanted), wanted)


def _services(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    for row in plan.services:
        before = state.service(row.key)
        if row.item in plan.deviates or (before is None and row.may_be_absent):
            continue
        if before is None:
            known = ", ".join(service.key for service in state.services)
            raise DeviceError("GW407", f"{plan.name}.service", row.key, f"Use a service of this host: {known}.")
        wanted = Service(row.key, row.running, row.policy)
        if before != wanted:
            yield Change(f"service {row.key}", facts(before), facts(wanted), wanted)


def _datastore(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Rename the one datastore the installation left; a disk is never formatted here, since that wipes it."""
    if plan.datastore in state.datastores:
        return
    if len(state.datastores) != 1:
        raise DeviceError(
            "GW407",
            f"{plan.name}.datastore.{plan.datastore}",
            list(state.datastores),
            "Make the datastore on the disk for it in the web client (Storage > New datastore): that wipes the disk.",
        )
    wanted = Datastore(plan.datastore, before=state.datastores[0])
    yield Change("datastore", {"datastore": wanted.before}, {"datastore": wanted.name}, wanted)


def apply_host(
    log_in: OpenSession,
    changes: HostChanges,
    secrets: HostSecrets = NO_SECRETS,
    certificate_shown: Callable[[], None] = lambda: None,
) -> None:
    """Write exactly these changes, in order, each certificate as the last of its session.

    ``certificate_shown`` returns when the host shows the new certificate.

    Raises:
        DeviceError: the meaning of the host's fault at the first refused write; GW432 when a change of the
            firewall let no new session in and was taken back.
    """
    for part in _sessions(changes):
        with log_in() as session:
            for change in part:
                if _can_cut_us_off(change.step):
                    _write_proved(session, log_in, change)
                elif isinstance(change.step, SENT_ONCE):
                    write_setting(session, change.subject, change.step, secrets)
                else:
                    session.again_if_cut(
                        change.subject, partial(write_setting, session, change.subject, change.step, secrets)
                    )
        if isinstance(part[-1].step, ServerCertificate):
            certificate_shown()


def _sessions(changes: HostChanges) -> Iterator[Sequence[Change[Setting]]]:
    """Yield the changes of one session after the other: a new certificate ends one."""
    start = 0
    for end, change in enumerate(changes.changes, start=1):
        if isinstance(change.step, ServerCertificate) or end == len(changes.changes):
            yield changes.changes[start:end]
            start = end


def _can_cut_us_off(step: Setting) -> bool:
    return isinstance(step, DefaultPolicy) or (isinstance(step, Ruleset) and step.key in SESSION_RULES)


def _write_proved(session: Session, log_in: OpenSession, change: Change[Setting]) -> None:
    """Write a rule of the firewall, log in anew, and take it back over the open session where that fails."""
    before = _firewall_before(session, change)
    write_setting(session, change.subject, change.step)
    try:
        with log_in():
            pass
    except DeviceError as error:
        write_setting(session, change.subject, before)
        fix = "Nobody could log in any more, so it was taken back. Compare the flow matrix with where the job runs."
        raise DeviceError("GW432", f"{session.name}.{change.subject}", str(error), fix) from error


def _firewall_before(session: Session, change: Change[Setting]) -> Ruleset | DefaultPolicy:
    system = session.read("inventory", lambda: host_system(session).configManager.firewallSystem)
    info = session.read(change.subject, lambda: system.firewallInfo)
    if isinstance(change.step, Ruleset):
        return next(ruleset_of(rule) for rule in info.ruleset if rule.key == change.step.key)
    return DefaultPolicy(bool(info.defaultPolicy.incomingBlocked), bool(info.defaultPolicy.outgoingBlocked))
