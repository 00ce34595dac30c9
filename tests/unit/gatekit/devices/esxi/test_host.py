"""Host change sets: observed state + plan, without any host."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.esxi.host import plan_host
from gatekit.devices.esxi.host_state import STRICT, Dns, HostState, Ntp, PortGroupSetting, Security, Service, Vswitch
from gatekit.errors import DeviceError
from gatekit.plan.appliance import EsxiHostPlan, EsxiServicePlan, PortGroup, VSwitchPlan
from tests.sites import example_plan

NONE = Security(promiscuous=None, mac_changes=None, forged_transmits=None)


def plan(**changes: object) -> EsxiHostPlan:
    return example_plan("pattern4").esxi.model_copy(update=changes)


def as_planned() -> HostState:
    wanted = plan()
    return HostState(
        vswitches=(Vswitch("vSwitch0", ("vmnic0",), 1500, STRICT),),
        port_groups=(
            PortGroupSetting("VM Network", "vSwitch0", 0, NONE),
            PortGroupSetting("GW-DMZ", "vSwitch0", 0, NONE),
            PortGroupSetting("Management Network", "vSwitch0", 0, NONE),
        ),
        uplinks=("vmnic0", "vmnic1"),
        management=("Management Network",),
        dns=Dns(
            dhcp=False, host_name=wanted.name, domain=wanted.domain, servers=("10.200.9.10",), search=(wanted.domain,)
        ),
        ntp=Ntp(enabled=True, servers=("10.200.9.10",)),
        services=tuple(Service(row.key, row.running, row.policy) for row in wanted.services),
    )


def test_a_host_as_planned_needs_nothing() -> None:
    assert plan_host(as_planned(), plan()).lines() == []


def test_what_the_plan_does_not_name_is_left_alone() -> None:
    more = replace(
        as_planned(),
        vswitches=(*as_planned().vswitches, Vswitch("vSwitch7", (), 9000, NONE)),
        services=(*as_planned().services, Service("snmpd", running=True, policy="on")),
    )
    assert not plan_host(more, plan()).changed


def test_a_port_group_that_forbids_by_itself_is_as_good_as_one_that_inherits() -> None:
    groups = tuple(replace(group, security=STRICT) for group in as_planned().port_groups)
    assert not plan_host(replace(as_planned(), port_groups=groups), plan()).changed


def test_a_vswitch_comes_before_its_port_groups() -> None:
    second = VSwitchPlan(name="vSwitch1", uplinks=("vmnic1",), mtu=9000, port_groups=(PortGroup(name="X", vlan=5),))
    changes = plan_host(as_planned(), plan(vswitches=(*plan().vswitches, second)))
    assert [change.subject for change in changes.changes] == ["vswitch vSwitch1", "port group X"]


@pytest.mark.parametrize(
    ("state", "changes", "facts"),
    [
        pytest.param(
            {}, {"vswitches": (VSwitchPlan(name="vSwitch0", uplinks=("vmnic9",), mtu=1500, port_groups=()),)},
            ("GW407", "gw-kita-esx.vswitch.vSwitch0.uplinks", "vmnic9",
             "Use a physical NIC of this host: vmnic0, vmnic1."), id="unknown-uplink",
        ),
        pytest.param(
            {}, {"vswitches": (VSwitchPlan(name="vSwitch0", uplinks=("vmnic1",), mtu=1500, port_groups=()),)},
            ("GW408", "gw-kita-esx.vswitch.vSwitch0.uplinks", ["vmnic0"],
             "Keep one of these uplinks: our own session runs over them. Move management at the console first."),
            id="management-cut-off",
        ),
        pytest.param(
            {"port_groups": (PortGroupSetting("GW-DMZ", "vSwitch9", 0, NONE),)}, {},
            ("GW409", "gw-kita-esx.port_group.GW-DMZ", "on vSwitch9",
             "Remove or rename the port group on vSwitch9; the plan has it on vSwitch0."), id="on-another-switch",
        ),
        pytest.param(
            {}, {"services": (EsxiServicePlan(key="nothing", running=True, policy="on"),)},
            ("GW407", "gw-kita-esx.service", "nothing", "Use a service of this host: TSM, TSM-SSH, ntpd."),
            id="unknown-service",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(
    state: dict[str, object], changes: dict[str, object], facts: tuple[str, str, object, str]
) -> None:
    with pytest.raises(DeviceError) as caught:
        plan_host(replace(as_planned(), **state), plan(**changes))  # type: ignore[arg-type]  # rows name real fields
    assert caught.value.facts == facts
