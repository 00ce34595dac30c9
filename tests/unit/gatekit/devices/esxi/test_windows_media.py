"""Change sets of a VM3 with installation media, without any host."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatekit.devices.esxi.install_media import KEY_PRESSES, SPACE, boot_from_cd
from gatekit.devices.esxi.parameters import host_plan
from gatekit.devices.esxi.vm_options import creation_options
from gatekit.devices.esxi.vm_parameters import wishes
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_state import FINGERPRINT, FirstBootState, Nic, Site, VmState, Wishes
from gatekit.devices.esxi.vm_steps import PowerOn, Reconfigure
from gatekit.errors import DeviceError
from gatekit.install.windows import read_back
from gatekit.plan.model import Plan
from tests.sites import example_plan
from tests.unit.gatekit.devices.esxi.test_parameters import parameters
from tests.windows_sites import changed

PASSWORD = "one-time-A1b2C3d4E5f6G7h8"
MEDIA = {"file": "iso/server.iso", "sha256": "1" * 64}


def given(plan: Plan, **changes: Any) -> dict[str, Any]:
    only = {"vms": [plan.vm("vm3").model_dump(mode="json")], "windows": plan.windows.model_dump(mode="json")}
    return parameters(**only, windows_setup_password=PASSWORD, site_folder="") | changes


def wished(plan: Plan, **changes: Any) -> Wishes:
    values = given(plan, **changes)
    return replace(wishes(values, host_plan(values, "host_plan"), predict=False), autostart=())


def built(plan: Plan, wished: Wishes, **changes: Any) -> VmState:
    vm, wish = plan.vm("vm3"), wished.vms[0]
    made = VmState(
        name="vm3", powered_on=True, guest_id=vm.guest_id, cpus=vm.cpus, memory_mb=vm.memory_mb, disk_gb=vm.disk_gb,
        nic=Nic(vm.port_group, vm.mac), options=creation_options(wish), tools_running=False, addresses=(),
        question=None, cdroms=wish.media.images if wish.media else (),
    )  # fmt: skip
    return replace(made, **changes)


def steps(state: VmState | None, wanted: Wishes) -> list[object]:
    vms = (state,) if state else ()
    site = Site(vms, ("GW-DMZ",), ("datastore1",), 65536, autostart_enabled=True, autostart=())
    return [change.step for change in plan_vms(site, wanted).changes]


def kinds(found: list[object]) -> list[str]:
    return [type(step).__name__ for step in found]


def test_the_answer_iso_is_made_from_the_plans_json_and_the_one_time_password() -> None:
    plan = example_plan()
    media = wished(plan).vms[0].media
    assert media is not None
    assert media.images == (plan.windows.answer_media.path, plan.windows.tools_media.path)
    assert set(read_back(media.content, "udf_path")) == {
        "Autounattend.xml", "gw-bootstrap.json", "gw-bootstrap.ps1", "gw-setup-complete.cmd",
    }  # fmt: skip
    assert media.fingerprint != wished(plan, windows_setup_password="another").vms[0].first_boot_mark
    assert PASSWORD not in repr(media)


def test_the_operators_iso_comes_first_and_with_its_sha256() -> None:
    media = wished(changed(installation_media=MEDIA)).vms[0].media
    assert media is not None
    assert media.images[0] == media.installation == "[datastore1] iso/server.iso"
    assert media.sha256 == "1" * 64


def test_without_windows_plan_or_password_there_are_no_media() -> None:
    assert wished(example_plan(), windows=None).vms[0].media is None
    with pytest.raises(Exception, match="GW302"):
        wished(example_plan(), windows_setup_password="")


def test_a_new_vm3_gets_its_answers_before_it_is_made() -> None:
    assert kinds(steps(None, wished(example_plan()))) == ["Upload", "Create", "PowerOn"]


def test_a_vm3_being_installed_or_maintained_needs_nothing() -> None:
    plan = example_plan()
    wanted = wished(plan)
    assert steps(built(plan, wanted), wanted) == []
    assert built(plan, wanted, cdroms=()).first_boot is FirstBootState.USED
    assert steps(built(plan, wanted, cdroms=()), wanted) == []
    assert steps(built(plan, wanted, cdroms=()), wished(plan, windows_setup_password="of another vault")) == []


def test_a_maintained_vm3_that_is_off_is_only_switched_on() -> None:
    plan = example_plan()
    wanted = wished(plan)
    assert steps(built(plan, wanted, cdroms=(), powered_on=False), wanted) == [PowerOn("vm3")]


def test_a_vm3_that_never_ran_gets_the_new_plans_answers() -> None:
    plan = example_plan()
    old, new = wished(plan), wished(plan, windows_setup_password="of another vault")
    found = steps(built(plan, old, powered_on=False), new)
    assert kinds(found) == ["Upload", "Reconfigure", "PowerOn"]
    reconfigure = found[1]
    assert isinstance(reconfigure, Reconfigure)
    assert dict(reconfigure.options)[FINGERPRINT] == new.vms[0].first_boot_mark
    assert reconfigure.cdroms == (plan.windows.answer_media.path, plan.windows.tools_media.path)


def test_a_running_windows_of_somebody_else_is_refused() -> None:
    plan = example_plan()
    wanted = wished(plan)
    with pytest.raises(DeviceError) as caught:
        steps(built(plan, wanted, options={}, cdroms=()), wanted)
    assert (caught.value.code, caught.value.path) == ("GW409", "gw-kita-esx.vm3.first_boot")


class Keyboard:
    def __init__(self) -> None:
        self.keys: list[int] = []

    def PutUsbScanCodes(self, spec: Any) -> int:  # noqa: N802 - the API's name
        self.keys += [event.usbHidCode for event in spec.keyEvents]
        return len(spec.keyEvents)


def test_space_is_pressed_once_a_second_while_the_medium_asks() -> None:
    keyboard, pauses = Keyboard(), []

    class Session:
        def write(self, _: str, call: Any) -> Any:
            return call()

    boot_from_cd(Session(), {"vm3": keyboard}, sleep=pauses.append)  # type: ignore[arg-type]  # only writes
    assert keyboard.keys == [SPACE] * KEY_PRESSES
    assert pauses == [1.0] * KEY_PRESSES
    assert SPACE == 0x2C0007
    boot_from_cd(Session(), {}, sleep=pauses.append)  # type: ignore[arg-type]
    assert len(pauses) == KEY_PRESSES
