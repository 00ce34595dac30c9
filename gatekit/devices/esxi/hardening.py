"""How a host stands against the hardening baseline, item by item. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gatekit.catalogue.hardening_baseline import HandCheck, HardeningItem, OptionCheck, ServiceCheck, esxi_baseline
from gatekit.devices.esxi.firewall import CLOSED, wanted_rules
from gatekit.devices.esxi.host_state import HostState
from gatekit.devices.esxi.networking import INHERIT
from gatekit.devices.esxi.options import holds
from gatekit.devices.esxi.vmkernel import MANAGEMENT
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["Finding", "Standing", "hardening_findings"]

TRUNK = 4095
NO_LOCKDOWN = "lockdownDisabled"
ACCEPTED = ("vmware_certified", "vmware_accepted", "partner")  # PartnerSupported and stricter


class Standing(StrEnum):
    """How an item stands."""

    KEPT = "kept"
    DEVIATES = "deviates"  # with a reason, and its time is not over
    OVER = "over"  # a deviation whose time is over
    DIFFERS = "differs"
    BY_HAND = "by_hand"  # the API cannot tell


@dataclass(frozen=True, slots=True)
class Finding:
    """One item: how it stands, what was found and what is wanted; ``reason`` is the deviation's."""

    item: HardeningItem
    standing: Standing
    found: str
    wanted: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Return whether nothing is to be done about it."""
        return self.standing in (Standing.KEPT, Standing.DEVIATES)


def hardening_findings(state: HostState, plan: EsxiHostPlan, today: date) -> Iterator[Finding]:
    """Yield one finding for each item of the baseline, in its order."""
    deviations = {row.item: row for row in plan.deviations}
    for item in esxi_baseline():
        kept, found, wanted = _judge(item, state, plan)
        row = deviations.get(item.id)
        if row is not None and not kept:
            standing = Standing.DEVIATES if today <= row.until else Standing.OVER
            yield Finding(item, standing, found, wanted, f"{row.reason} ({row.until})")
        elif isinstance(item.check, HandCheck):
            yield Finding(item, Standing.BY_HAND, found, wanted)
        else:
            yield Finding(item, Standing.KEPT if kept else Standing.DIFFERS, found, wanted)


def _judge(item: HardeningItem, state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    """Return whether it is kept, what was found and what is wanted."""
    match item.check:
        case OptionCheck():
            return _option(item.id, state, plan)
        case ServiceCheck() as check:
            service = state.service(check.key)
            wanted = f"{_running(check.running)}, {check.policy}"
            if service is None:
                return check.may_be_absent, "absent", wanted
            kept = (service.running, service.policy) == (check.running, check.policy)
            return kept, f"{_running(service.running)}, {service.policy}", wanted
        case HandCheck() as check:
            return False, check.command, check.wanted
        case check:
            return STATES[check.name](state, plan)


def _option(item: str, state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    row = next(row for row in plan.options if row.item == item)
    sign = {"equal": "", "at_most": "1 .. ", "at_least": ">= ", "matches": "matches "}[row.bound]
    wanted = f"{sign}{row.value!r}"
    if row.key not in state.options.values:
        return False, "not in this version", wanted
    value = state.options.values[row.key]
    return holds(row, value), repr(value), wanted


def _running(running: bool) -> str:  # noqa: FBT001 - the word for exactly this flag
    return "runs" if running else "stopped"


def _time_servers(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    wanted = tuple(str(server) for server in plan.ntp_servers)
    return state.ntp.enabled and state.ntp.servers == wanted, _list(state.ntp.servers), _list(wanted)


def _firewall_closed(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    del plan
    blocked = [
        word
        for word, is_blocked in (
            ("incoming", state.default_policy.incoming_blocked),
            ("outgoing", state.default_policy.outgoing_blocked),
        )
        if is_blocked
    ]
    return state.default_policy == CLOSED, f"blocked: {_list(blocked)}", "blocked: incoming, outgoing"


def _firewall_sources(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    try:
        wanted = list(wanted_rules(state, plan))
    except DeviceError as error:
        return False, str(error), "every planned rule"
    wrong = [rule.key for rule in wanted if rule not in state.rulesets]
    return not wrong, f"other addresses: {_list(wrong)}", "every open rule admits the planned addresses only"


def _switch_security(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    del plan
    loose = [switch.name for switch in state.vswitches if switch.security.allows or None in _words(switch.security)]
    loose += [group.name for group in state.port_groups if group.security != INHERIT and group.security.allows]
    return not loose, f"allowing: {_list(loose)}", "none allows any of the three"


def _words(security: object) -> tuple[bool | None, ...]:
    return tuple(getattr(security, name) for name in ("promiscuous", "mac_changes", "forged_transmits"))


def _no_guest_trunk(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    del plan
    trunks = [group.name for group in state.port_groups if group.vlan == TRUNK]
    return not trunks, f"trunks: {_list(trunks)}", "none"


def _management_only(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    planned = {row.port_group for row in plan.vmkernel}
    kept = all(vmk.port_group in planned and vmk.carries == (MANAGEMENT,) for vmk in state.vmkernel)
    return kept, _list([f"{vmk.device}: {'+'.join(vmk.carries) or 'nothing'}" for vmk in state.vmkernel]), MANAGEMENT


def _acceptance_level(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    del plan
    return state.acceptance_level in ACCEPTED, state.acceptance_level, " or ".join(ACCEPTED)


def _certificate(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    shown = state.certificate
    wanted = f"of the site's CA, {plan.certificate_renewal_days} days or more left"
    if shown is None:
        return False, "not read", wanted
    issuer = "of the site's CA" if shown.by_site_ca else "of another CA"
    kept = shown.by_site_ca and shown.days_left >= plan.certificate_renewal_days
    return kept, f"{issuer}, {shown.days_left} days left", wanted


def _lockdown(state: HostState, plan: EsxiHostPlan) -> tuple[bool, str, str]:
    del plan
    return state.lockdown == NO_LOCKDOWN, state.lockdown, f"{NO_LOCKDOWN} (not applicable without vCenter)"


def _list(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(words) or "none"


STATES: dict[str, Callable[[HostState, EsxiHostPlan], tuple[bool, str, str]]] = {
    "time_servers": _time_servers,
    "firewall_closed": _firewall_closed,
    "firewall_sources": _firewall_sources,
    "switch_security": _switch_security,
    "no_guest_trunk": _no_guest_trunk,
    "management_only": _management_only,
    "acceptance_level": _acceptance_level,
    "certificate": _certificate,
    "lockdown": _lockdown,
}
"""The readings a ``state`` check can name."""
