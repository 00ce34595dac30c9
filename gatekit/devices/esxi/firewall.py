"""The host's own firewall: which rules differ from the plan. What would lock us out is refused before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.host_state import DefaultPolicy, HostState, Ruleset, Setting, facts
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan

__all__ = ["SESSION_RULES", "open_to_all", "plan_firewall", "wanted_rules"]

SESSION_RULES = ("webAccess", "vSphereClient")
"""The rules a session of ours comes in by (TCP 80, 443 and 902); they are changed last, each proved by a new login."""

CLOSED = DefaultPolicy(incoming_blocked=True, outgoing_blocked=True)


def plan_firewall(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield the changes, those of our own session last. A rule that is closed and not planned stays as it is.

    Raises:
        DeviceError: GW407 the host has no such rule, GW432 our own address would be shut out.
    """
    present = {rule.key: rule for rule in state.rulesets}
    changes = [(present[rule.key], rule) for rule in wanted_rules(state, plan) if present[rule.key] != rule]
    for before, after in sorted(changes, key=lambda pair: (pair[0].key in SESSION_RULES, pair[0].key)):
        if after.key in SESSION_RULES:
            _refuse_to_shut_ourselves_out(state, plan)
        yield Change(f"firewall {after.key}", facts(before), facts(after), after)
    if state.default_policy != CLOSED:
        yield Change("firewall default", facts(state.default_policy), facts(CLOSED), CLOSED)


def wanted_rules(state: HostState, plan: EsxiHostPlan) -> Iterator[Ruleset]:
    """Yield every rule the plan speaks of: those with an end of their own, then every other open one.

    Raises:
        DeviceError: GW407 the host has no such rule.
    """
    planned = {row.key: row.networks for row in plan.rulesets}
    known = {rule.key for rule in state.rulesets}
    for key in planned:
        if key not in known:
            listed = ", ".join(sorted(known))
            raise DeviceError("GW407", f"{plan.name}.firewall", key, f"Use a rule of this host: {listed}.")
    for rule in state.rulesets:
        if rule.key in planned:
            limited = replace(rule, every_address=False, networks=_words(planned[rule.key]))
            yield replace(limited if rule.configurable else rule, enabled=True)
        elif rule.enabled and rule.configurable:
            yield replace(rule, every_address=False, networks=_words(plan.management))


def open_to_all(state: HostState) -> tuple[str, ...]:
    """Return the open rules whose addresses could be limited and are not."""
    return tuple(rule.key for rule in state.rulesets if rule.enabled and rule.configurable and rule.every_address)


def _words(networks: tuple[IPv4Network, ...]) -> tuple[str, ...]:
    return tuple(sorted(str(network) for network in networks))


def _refuse_to_shut_ourselves_out(state: HostState, plan: EsxiHostPlan) -> None:
    try:
        ours = IPv4Address(state.our_address)
    except ValueError:
        ours = None
    if ours is None or not any(ours in network for network in plan.management):
        raise DeviceError(
            "GW432",
            f"{plan.name}.firewall",
            state.our_address or "unknown",
            f"Run the job from an address the flow matrix lets in: {', '.join(_words(plan.management))}.",
        )
