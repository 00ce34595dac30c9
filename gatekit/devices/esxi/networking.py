"""vSwitches and port groups: which of them differ from the plan, and in which order they are written."""

from __future__ import annotations

from collections.abc import Iterator

from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.host_state import STRICT, HostState, PortGroupSetting, Security, Setting, Vswitch, facts
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan, PortGroup, VSwitchPlan

__all__ = ["plan_networking"]

INHERIT = Security(promiscuous=None, mac_changes=None, forged_transmits=None)


def plan_networking(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield the changes, each vSwitch before its port groups. What the plan does not name is left alone.

    Raises:
        DeviceError: GW407 unknown uplink, GW408 management would lose its uplinks,
            GW409 a port group stands on another vSwitch.
    """
    for wanted in plan.vswitches:
        yield from _vswitch(state, plan.name, wanted)
        for port_group in wanted.port_groups:
            yield from _port_group(state, plan.name, wanted.name, port_group)


def _vswitch(state: HostState, host: str, wanted: VSwitchPlan) -> Iterator[Change[Setting]]:
    path = f"{host}.vswitch.{wanted.name}.uplinks"
    for uplink in wanted.uplinks:
        if uplink not in state.uplinks:
            raise DeviceError("GW407", path, uplink, f"Use a physical NIC of this host: {', '.join(state.uplinks)}.")
    before = state.vswitch(wanted.name)
    after = Vswitch(wanted.name, wanted.uplinks, wanted.mtu, STRICT)
    if before is not None and _carries_management(state, before) and not set(before.uplinks) & set(wanted.uplinks):
        raise DeviceError(
            "GW408",
            path,
            list(before.uplinks),
            "Keep one of these uplinks: our own session runs over them. Move management at the console first.",
        )
    if before != after:
        yield Change(f"vswitch {wanted.name}", None if before is None else facts(before), facts(after), after)


def _carries_management(state: HostState, vswitch: Vswitch) -> bool:
    on_it = {p.name for p in state.port_groups if p.vswitch == vswitch.name}
    return bool(on_it & state.management) and bool(vswitch.uplinks)


def _port_group(state: HostState, host: str, vswitch: str, wanted: PortGroup) -> Iterator[Change[Setting]]:
    before = state.port_group(wanted.name)
    if before is None:
        after = PortGroupSetting(wanted.name, vswitch, wanted.vlan, INHERIT)
        yield Change(f"port group {wanted.name}", None, facts(after), after)
        return
    if before.vswitch != vswitch:
        raise DeviceError(
            "GW409",
            f"{host}.port_group.{wanted.name}",
            f"on {before.vswitch}",
            f"Remove or rename the port group on {before.vswitch}; the plan has it on {vswitch}.",
        )
    # an override that forbids is as good as inheriting; one that allows is drift
    security = INHERIT if before.security.allows else before.security
    after = PortGroupSetting(wanted.name, vswitch, wanted.vlan, security)
    if before != after:
        yield Change(f"port group {wanted.name}", facts(before), facts(after), after)
