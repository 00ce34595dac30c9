"""Host change sets: observed state + plan, without any host."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gatekit.devices.esxi.access_state import Access
from gatekit.devices.esxi.host import plan_host
from gatekit.devices.esxi.host_state import (
    STRICT,
    DefaultPolicy,
    Gateway,
    PortGroupSetting,
    ServerCertificate,
    Service,
    Vswitch,
)
from gatekit.errors import DeviceError
from gatekit.plan.appliance import DeviationPlan, EsxiServicePlan, PortGroup, VSwitchPlan
from tests.unit.gatekit.devices.esxi.planned_host import NONE, as_planned, plan

CIM = DeviationPlan(item="cim-off", reason="The server's monitor asks it", until=date(2027, 6, 30))


def test_a_host_as_planned_needs_nothing() -> None:
    assert plan_host(as_planned(), plan()).lines() == []


def test_what_the_plan_does_not_name_is_left_alone() -> None:
    more = replace(
        as_planned(),
        vswitches=(*as_planned().vswitches, Vswitch("vSwitch7", (), 9000, NONE)),
        services=(*as_planned().services, Service("vpxa", running=True, policy="on")),
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
            {},
            {"services": (EsxiServicePlan(item="x", key="nothing", running=True, policy="on", may_be_absent=False),)},
            ("GW407", "gw-kita-esx.service", "nothing",
             "Use a service of this host: TSM-SSH, TSM, slpd, sfcbd-watchdog, snmpd, ntpd."),
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


def test_a_service_this_build_lacks_is_as_good_as_stopped() -> None:
    without = tuple(row for row in as_planned().services if row.key != "slpd")
    assert not plan_host(replace(as_planned(), services=without), plan()).changed


def test_a_service_that_deviates_is_left_alone() -> None:
    running = tuple(replace(row, running=row.key in ("ntpd", "sfcbd-watchdog")) for row in as_planned().services)
    state = replace(as_planned(), services=running)
    assert plan_host(state, plan()).lines() == ["service sfcbd-watchdog: running true -> false"]
    assert not plan_host(state, plan(deviations=(CIM,))).changed


def test_the_only_datastore_gets_the_planned_name() -> None:
    changes = plan_host(replace(as_planned(), datastores=("local",)), plan())
    assert changes.lines() == ['datastore: datastore "local" -> "datastore1"']


@pytest.mark.parametrize("there", [(), ("one", "two")])
def test_a_disk_is_never_formatted_and_no_datastore_guessed(there: tuple[str, ...]) -> None:
    with pytest.raises(DeviceError) as caught:
        plan_host(replace(as_planned(), datastores=there), plan())
    assert caught.value.facts[:3] == ("GW407", "gw-kita-esx.datastore.datastore1", list(there))


def test_accounts_and_certificate_come_first_and_the_firewall_last() -> None:
    fresh = replace(
        as_planned(),
        access=Access((), (), ()),
        certificate=ServerCertificate(by_site_ca=False, names=(), days_left=3000),
        gateway=Gateway(""),
        default_policy=DefaultPolicy(incoming_blocked=False, outgoing_blocked=True),
    )
    assert [change.subject for change in plan_host(fresh, plan()).changes] == [
        "role gatekit-automation", "role gatekit-ups", "account gwauto", "account gwups",
        "permission of gwauto", "permission of gwups", "certificate", "default gateway", "firewall default",
    ]  # fmt: skip
