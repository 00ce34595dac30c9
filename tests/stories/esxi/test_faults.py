"""What a host may answer or fail to answer, on the wire: each fault's code, what is sent again and what never."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import VmomiSupport

from gatekit.devices.esxi import vm_build
from gatekit.devices.esxi.fault_table import MEANINGS
from gatekit.devices.esxi.host import plan_host
from gatekit.devices.esxi.host_read import observe_host
from gatekit.devices.esxi.host_state import STRICT, PortGroupSetting
from gatekit.devices.esxi.host_write import write_setting
from gatekit.devices.esxi.inventory import host_system
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_build import apply_vms
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site, vm_refs
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError
from tests.stories.esxi import simulator, site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

PYVMOMI: Any = VmomiSupport
GROUP = PortGroupSetting("GW-DMZ", "vSwitch0", 7, STRICT)


@pytest.fixture(scope="module")
def one_host(esxsim: Path, certificates: Path) -> Iterator[Simulator]:
    """Return one host for every test that leaves it as it was."""
    running = simulator.start(esxsim, certificates, "-control")
    yield running
    simulator.stop(running)


@pytest.fixture(scope="module")
def one_session(one_host: Simulator) -> Iterator[Session]:
    with site.session(one_host) as session:
        yield session


def calls(esxi: Simulator) -> dict[str, int]:
    """Return how often each method was called."""
    counted: dict[str, dict[str, int]] = json.loads(esxi.control("calls", method="GET"))
    return counted["methods"]


def network(session: Session) -> Ref:
    return session.read("network", lambda: host_system(session).configManager.networkSystem)


def port_groups(session: Session) -> list[str]:
    return [group.name for group in observe_host(session).port_groups]


RELOGIN = ("vim.fault.NotAuthenticated", "vim.fault.TaskInProgress")
"""These are answered by another try; the tests below show it."""

ON_THE_WIRE = [name for name in MEANINGS if name not in RELOGIN and name != "vmodl.MethodFault"]


@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_each_fault_of_the_table_comes_over_the_wire_as_its_code(
    one_host: Simulator, one_session: Session, name: str
) -> None:
    remove = network(one_session).RemovePortGroup
    one_host.fault("RemovePortGroup", PYVMOMI.GetWsdlName(PYVMOMI.GetVmodlType(name)))
    with pytest.raises(DeviceError) as caught:
        one_session.write("probe", lambda: remove("nothing"))
    assert (caught.value.code, caught.value.fix) == (MEANINGS[name].code, MEANINGS[name].fix)
    assert caught.value.path == "gw-kita-esx.probe"
    assert str(caught.value.value).startswith(name.rpartition(".")[2])


def test_a_write_waits_until_somebody_elses_task_has_ended(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        esxi.fault("AddPortGroup", "TaskInProgress")
        write_setting(session, "port group", GROUP)
        assert (calls(esxi)["AddPortGroup"], "GW-DMZ" in port_groups(session)) == (2, True)


@pytest.mark.parametrize(("order", "sent"), [("drop", 2), ("mute", 1)])
def test_a_setting_that_was_cut_off_is_looked_for_and_only_then_sent_again(
    esxi: Simulator, order: str, sent: int
) -> None:
    """``drop``: the host never heard it. ``mute``: it did it and could not say so."""
    with site.session(esxi) as session:
        if order == "mute":
            esxi.control("mute", {"Method": "AddPortGroup"})
        else:
            esxi.fault("AddPortGroup", "HostCommunication")
        session.again_if_cut("port group", lambda: write_setting(session, "port group", GROUP))
        assert port_groups(session).count("GW-DMZ") == 1
    assert calls(esxi)["AddPortGroup"] == sent


def test_a_write_that_was_cut_off_is_never_sent_again_by_itself(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        esxi.control("mute", {"Method": "AddPortGroup"})
        with pytest.raises(DeviceError) as caught:
            write_setting(session, "port group", GROUP)
    assert (caught.value.code, calls(esxi)["AddPortGroup"]) == ("GW402", 1)


CUT_OFF = [
    "UpdatePortGroup",
    "AddPortGroup",
    "UpdateOptions",
    "UpdateDnsConfig",
    "UpdateServicePolicy",
    "AddAuthorizationRole",
]


@pytest.mark.parametrize("method", CUT_OFF)
def test_ap_1_the_host_becomes_as_planned_although_an_answer_was_lost(esxi: Simulator, method: str) -> None:
    with site.session(esxi) as session:
        esxi.control("mute", {"Method": method})
        site.build_host(session)
        assert not plan_host(observe_host(session), site.host_plan()).changed


def machines(session: Session) -> list[str]:
    return sorted(vm.name for vm in vm_refs(session))


def test_a_creation_that_was_cut_off_is_sent_once_and_completed_by_the_next_run(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.control("mute", {"Method": "CreateVM_Task"})
        with pytest.raises(DeviceError) as caught:
            site.build_vms(session, site.windows_wishes())
        assert (caught.value.code, calls(esxi)["CreateVM_Task"]) == ("GW402", 1)
        site.build_vms(session, site.windows_wishes())
        assert (machines(session), calls(esxi)["CreateVM_Task"]) == (["vm1", "vm2", "vm3"], 3)


@pytest.mark.parametrize("task", ["Folder.createVm", "VirtualMachine.powerOn"])
@pytest.mark.parametrize("fault", ["NoDiskSpace", "InsufficientMemoryResourcesFault", "GenericVmConfigFault"])
def test_a_task_that_fails_leaves_nothing_half_made(esxi: Simulator, task: str, fault: str) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault(task, fault, task=True)
        with pytest.raises(DeviceError) as caught:
            site.build_vms(session, site.windows_wishes())
        assert caught.value.code in {"GW410", "GW411", "GW412"}
        left = machines(session)
        site.build_vms(session, site.windows_wishes())
        assert (len(left), machines(session)) == (2 if task == "Folder.createVm" else 3, ["vm1", "vm2", "vm3"])


def test_a_change_made_from_an_older_reading_is_refused_as_somebody_elses(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, site.windows_wishes())
        machine = vm_refs(session)[0]
        seen = session.read("version", lambda: machine.config.changeVersion)
        other = vim.vm.ConfigSpec(annotation="somebody else was here")
        finish(session, [Started("other", machine.ReconfigVM_Task(other))], 10)
        ours = vim.vm.ConfigSpec(annotation="ours", changeVersion=seen)
        with pytest.raises(DeviceError) as caught:
            session.write("ours", lambda: machine.ReconfigVM_Task(ours))
        assert caught.value.code == "GW413"
        assert session.read("annotation", lambda: machine.config.annotation) == "somebody else was here"


@pytest.mark.parametrize("method", ["CreateVM_Task", "PowerOnVM_Task", "ReconfigureAutostart"])
def test_a_session_that_ends_in_the_middle_of_the_work_is_opened_again(esxi: Simulator, method: str) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.control(f"expire?before={method}")
        site.build_vms(session, site.windows_wishes())
        assert machines(session) == ["vm1", "vm2", "vm3"]
    assert calls(esxi)["Login"] == 2


def test_what_somebody_else_did_while_a_guest_shut_down_is_noticed(
    esxi: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = replace(site.windows_wishes(), restart_allowed=True)
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes)
        machine = next(vm for vm in vm_refs(session) if vm.name == "vm3")
        changed_by_hand(session, machine, 2048)
        changes = plan_vms(observe_site(session), wishes)
        esxi.control("guest", {"VM": "vm3", "ShutdownFor": 300})
        shut_down = vm_build._Build.power_off

        def somebody_else_comes_by(build: vm_build._Build, names: list[str]) -> None:
            shut_down(build, names)
            finish(
                session, [Started("other", machine.ReconfigVM_Task(vim.vm.ConfigSpec(memoryMB=3072, numCPUs=3)))], 10
            )

        monkeypatch.setattr(vm_build._Build, "power_off", somebody_else_comes_by)
        with pytest.raises(DeviceError) as caught:
            apply_vms(session, changes, wishes, site.SHORT)
        assert caught.value.facts[:3] == ("GW413", "gw-kita-esx.vm3.reconfigure", "changed meanwhile")
        monkeypatch.undo()
        site.build_vms(session, wishes)
        assert not plan_vms(observe_site(session), wishes).changed


def changed_by_hand(session: Session, machine: Ref, memory_mb: int) -> None:
    finish(session, [Started("off", machine.PowerOffVM_Task())], 10)
    finish(session, [Started("memory", machine.ReconfigVM_Task(vim.vm.ConfigSpec(memoryMB=memory_mb)))], 10)
    finish(session, [Started("on", machine.PowerOnVM_Task())], 10)
