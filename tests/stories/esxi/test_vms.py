"""Virtual machines as objects of the host: hardware, start sequence, refusals. No guest runs behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_build import apply_vms
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site, vm_refs, vm_states
from gatekit.devices.esxi.vm_state import AutostartState, Wishes
from gatekit.errors import DeviceError
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story


def changed(wishes: Wishes, vm: str, **plan: object) -> Wishes:
    """Return the wishes with one VM's plan changed."""
    vms = tuple(
        replace(wish, plan=wish.plan.model_copy(update=plan)) if wish.plan.name == vm else wish for wish in wishes.vms
    )
    return replace(wishes, vms=vms)


def test_ap_1_all_vms_are_built_in_one_call_and_stay_so(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        predicted = plan_vms(observe_site(session), wishes)
        done = site.build_vms(session, wishes)
        again = plan_vms(observe_site(session), wishes)
        found = observe_site(session)
    assert done.diff() == predicted.diff()
    assert (again.lines(), again.diff()) == ([], {"before": "", "after": ""})
    for wish in wishes.vms:
        vm = found.vm(wish.plan.name)
        assert vm is not None
        assert (vm.powered_on, vm.cpus, vm.memory_mb, vm.disk_gb, vm.guest_id) == (
            True, wish.plan.cpus, wish.plan.memory_mb, wish.plan.disk_gb, wish.plan.guest_id,
        )  # fmt: skip
        assert vm.nic is not None
        assert (vm.nic.port_group, vm.nic.mac) == ("GW-DMZ", wish.plan.mac)


def test_ap_5_the_start_sequence_is_the_plans(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
        found = observe_site(session)
    assert found.autostart_enabled
    assert found.autostart == tuple(
        AutostartState(name, order, 60, 120, "powerOn", "guestShutdown", "systemDefault")
        for order, name in enumerate(("vm2", "vm1", "vm3"), start=1)
    )


def test_a_vm_that_was_created_and_not_started_is_completed_by_the_next_run(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault("VirtualMachine.powerOn", "InsufficientMemoryResourcesFault", task=True)
        with pytest.raises(DeviceError) as caught:
            site.build_vms(session, wishes)
        left = plan_vms(observe_site(session), wishes)
        site.build_vms(session, wishes)
        again = plan_vms(observe_site(session), wishes)
    assert (caught.value.code, caught.value.path) == ("GW412", "gw-kita-esx.vm1.power_on")
    assert left.lines() == ['vm vm1: power "off" -> "on"']
    assert not again.changed


def test_a_failed_creation_leaves_the_others_whole_and_is_done_by_the_next_run(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault("Folder.createVm", "NoDiskSpace", task=True)
        with pytest.raises(DeviceError) as caught:
            site.build_vms(session, wishes)
        there = sorted(vm.name for vm in observe_site(session).vms)
        site.build_vms(session, wishes)
        again = plan_vms(observe_site(session), wishes)
    assert (caught.value.code, caught.value.path) == ("GW411", "gw-kita-esx.vm1.create")
    assert there == ["vm2", "vm3"]
    assert not again.changed


def test_an_unknown_port_group_is_refused_before_any_write(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), wishes)
        predicted = plan_vms(observe_site(session), replace(wishes, promised_port_groups=("GW-DMZ",)))
        assert observe_site(session).vms == ()
    assert caught.value.facts == (
        "GW407",
        "gw-kita-esx.vm1.port_group",
        "GW-DMZ",
        "Let esxi_host make it first; this host has: VM Network, Management Network.",
    )
    assert len(predicted.changes) == 7  # 3 created, 1 start sequence, 3 started


def test_a_running_vms_memory_is_changed_with_consent_only(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    larger = changed(wishes, "vm2", memory_mb=4096, cpus=4)
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), larger)
        site.build_vms(session, replace(larger, restart_allowed=True))
        found = observe_site(session)
        again = plan_vms(found, larger)
    assert caught.value.code == "GW409"
    assert caught.value.value == {"cpus": 2, "memory_mb": 2048}
    vm2 = found.vm("vm2")
    assert vm2 is not None
    assert (vm2.memory_mb, vm2.cpus, vm2.powered_on) == (4096, 4, True)
    assert not again.changed


def test_a_disk_grows_and_never_shrinks(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        larger = changed(wishes, "vm2", disk_gb=60)
        site.build_vms(session, larger)
        vm2 = observe_site(session).vm("vm2")
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), wishes)
    assert vm2 is not None
    assert vm2.disk_gb == 60
    assert (caught.value.code, caught.value.path, caught.value.value) == ("GW409", "gw-kita-esx.vm2.disk_gb", 60)


def test_a_nic_moved_by_hand_comes_back(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        moved = changed(wishes, "vm1", port_group="VM Network")
        apply_vms(session, plan_vms(observe_site(session), moved), moved, site.SHORT)
        back = site.build_vms(session, wishes)
        found = observe_site(session).vm("vm1")
    assert back.lines() == ['vm vm1: port_group "VM Network" -> "GW-DMZ"']
    assert found is not None
    assert found.nic is not None
    assert found.nic.port_group == "GW-DMZ"


def test_a_stranger_of_the_same_name_is_never_replaced(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    stranger = changed(wishes, "vm1", mac="00:50:56:00:00:99")
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, stranger)
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), wishes)
    assert caught.value.facts[:3] == ("GW409", "gw-kita-esx.vm1.mac", "00:50:56:00:00:99")


def test_a_vm_switched_off_by_hand_is_switched_on(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        ref, _ = vm_states(session, vm_refs(session))["vm3"]
        finish(session, [Started("vm3.off", ref.PowerOffVM_Task())], 10)
        again = site.build_vms(session, wishes)
    assert again.lines() == ['vm vm3: power "off" -> "on"']


def test_a_missing_start_sequence_is_set_again_as_a_whole(esxi: Simulator) -> None:
    wishes = site.windows_wishes()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        other = replace(
            wishes, autostart=tuple(row.model_copy(update={"start_delay_s": 5}) for row in wishes.autostart)
        )
        site.build_vms(session, other)
        again = site.build_vms(session, wishes)
        left = plan_vms(observe_site(session), wishes)
    assert [change.subject for change in again.changes] == ["autostart"]
    assert not left.changed
