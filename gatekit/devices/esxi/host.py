"""The host: observed state + plan -> change set -> applied, and read again to prove it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.devices.esxi.changes import Change, ChangeSet
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.host_state import Dns, HostState, Ntp, Service, Setting, facts
from gatekit.devices.esxi.host_write import write_setting
from gatekit.devices.esxi.networking import plan_networking
from gatekit.devices.esxi.session import Session
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["HostChanges", "apply_host", "observe_host", "plan_host"]

type HostChanges = ChangeSet[Setting]


def plan_host(state: HostState, plan: EsxiHostPlan) -> HostChanges:
    """Return every change from the observed host to the plan. Pure.

    Autostart is not among them: it names the virtual machines and is set with them (``vm_build``).

    Raises:
        DeviceError: GW407 unknown uplink or service, GW408, GW409 (see ``plan_networking``).
    """
    changes = [*plan_networking(state, plan), *_names(state, plan), *_clock(state, plan), *_services(state, plan)]
    return ChangeSet(tuple(changes))


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
        if before is None:
            known = ", ".join(service.key for service in state.services)
            raise DeviceError("GW407", f"{plan.name}.service", row.key, f"Use a service of this host: {known}.")
        wanted = Service(row.key, row.running, row.policy)
        if before != wanted:
            yield Change(f"service {row.key}", facts(before), facts(wanted), wanted)


def apply_host(session: Session, changes: HostChanges, plan: EsxiHostPlan) -> None:
    """Write exactly these changes, in order, and read the host again.

    Raises:
        DeviceError: the meaning of the host's fault at the first refused write; GW406 when the host
            took every write and still differs.
    """
    for change in changes.changes:
        write_setting(session, change.subject, change.step)
    left = plan_host(observe_host(session), plan)
    if left.changed:
        raise DeviceError(
            "GW406", plan.name, left.lines(), "Read /var/log/hostd.log: the host took it and kept its own."
        )
