"""vmkernel interfaces and the default gateway: which of them differ from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network

from gatekit.devices.esxi.changes import Change
from gatekit.devices.esxi.host_state import Gateway, HostState, Setting, Vmkernel, facts
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan, VmkernelPlan

__all__ = ["MANAGEMENT", "plan_vmkernel"]

MANAGEMENT = "management"


def plan_vmkernel(state: HostState, plan: EsxiHostPlan) -> Iterator[Change[Setting]]:
    """Yield the changes of the planned interfaces and the gateway; other interfaces are left alone.

    Raises:
        DeviceError: GW432 the interface our session runs over has another address than the plan.
    """
    for wanted in plan.vmkernel:
        yield from _interface(state, plan.name, wanted)
    gateway = Gateway(str(plan.default_gateway))
    if state.gateway != gateway:
        yield Change("default gateway", facts(state.gateway), facts(gateway), gateway)


def _interface(state: HostState, host: str, wanted: VmkernelPlan) -> Iterator[Change[Setting]]:
    before = next((vmk for vmk in state.vmkernel if vmk.port_group == wanted.port_group), None)
    after = Vmkernel(
        device=before.device if before else "",
        port_group=wanted.port_group,
        dhcp=False,
        address=str(wanted.address),
        netmask=str(IPv4Network((0, wanted.prefix_length)).netmask),
        mtu=wanted.mtu,
        carries=tuple(sorted(wanted.carries)),
    )
    if before == after:
        return
    if before is not None and MANAGEMENT in before.carries:
        _refuse_to_move(host, before, after)
    yield Change(f"vmkernel {wanted.port_group}", facts(before) if before else None, facts(after), after)


def _refuse_to_move(host: str, before: Vmkernel, after: Vmkernel) -> None:
    """Refuse another address under our own session: a standard switch has no way back but the console's menu."""
    moved = replace(after, dhcp=before.dhcp, mtu=before.mtu, carries=before.carries)
    if moved != before or MANAGEMENT not in after.carries:
        raise DeviceError(
            "GW432",
            f"{host}.vmkernel.{before.device}",
            f"{before.address} {before.netmask}",
            f"Set {after.address} {after.netmask} at the console (Configure Management Network); "
            "our session runs over this interface.",
        )
