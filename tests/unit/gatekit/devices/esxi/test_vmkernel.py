"""vmkernel interfaces and the gateway; the interface under our own session does not move."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from gatekit.devices.esxi.host_state import Gateway, HostState, Vmkernel
from gatekit.devices.esxi.vmkernel import plan_vmkernel
from gatekit.errors import DeviceError
from gatekit.plan.appliance import VmkernelPlan
from tests.unit.gatekit.devices.esxi.planned_host import as_planned, plan


def with_vmk0(**changes: object) -> HostState:
    state = as_planned()
    vmk0 = replace(state.vmkernel[0], **changes)  # type: ignore[arg-type]  # rows name real fields
    return replace(state, vmkernel=(vmk0,))


def lines(state: HostState) -> list[str]:
    return [change.line() for change in plan_vmkernel(state, plan())]


def test_another_traffic_is_taken_off_the_management_interface() -> None:
    state = with_vmk0(carries=("management", "vmotion"))
    assert lines(state) == ['vmkernel Management Network: carries ["management", "vmotion"] -> ["management"]']


def test_another_mtu_is_put_right() -> None:
    assert lines(with_vmk0(mtu=9000)) == ["vmkernel Management Network: mtu 9000 -> 1500"]


def test_an_address_of_dhcp_that_is_the_planned_one_is_kept_for_good() -> None:
    assert lines(with_vmk0(dhcp=True)) == ["vmkernel Management Network: dhcp true -> false"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"address": "10.161.4.9"}, "10.161.4.9 255.255.255.0"), ({"netmask": "255.255.0.0"}, "10.161.4.5 255.255.0.0")],
)
def test_the_address_under_our_own_session_is_never_changed(changes: dict[str, str], said: str) -> None:
    with pytest.raises(DeviceError) as caught:
        lines(with_vmk0(**changes))
    assert caught.value.facts[:3] == ("GW432", "gw-kita-esx.vmkernel.vmk0", said)


def test_a_planned_interface_that_is_missing_is_made() -> None:
    second = VmkernelPlan(
        port_group="GW-SPARE", address=IPv4Address("10.161.4.7"), prefix_length=24, mtu=1500, carries=()
    )
    wanted = plan(vmkernel=(*plan().vmkernel, second))
    [change] = plan_vmkernel(as_planned(), wanted)
    assert change.step == Vmkernel("", "GW-SPARE", False, "10.161.4.7", "255.255.255.0", 1500, ())
    assert change.before is None


def test_another_gateway_is_put_right() -> None:
    assert lines(replace(as_planned(), gateway=Gateway("10.161.4.1"))) == [
        'default gateway: address "10.161.4.1" -> "10.161.4.254"'
    ]
