"""VM3's object and its ISOs on a simulated host: laid there, attached, judged, taken off again. No Windows runs."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace

import pytest

from gatekit.devices.esxi import install_media as media_of_host
from gatekit.devices.esxi.install_media import datastore_file, is_there, remove_media
from gatekit.devices.esxi.session import Session, open_session
from gatekit.devices.esxi.vm_plan import plan_vms
from gatekit.devices.esxi.vm_read import observe_site, vm_refs, vm_states
from gatekit.devices.esxi.vm_state import FirstBootState, InstallMedia, VmWish, Wishes
from gatekit.devices.esxi.vmomi import Ref, vim
from gatekit.errors import DeviceError, IntentError
from gatekit.install.windows import answer_iso, read_back
from gatekit.render.windows import answer_medium, sealed
from gatekit.verify.esxi_reading import _state
from gatekit.verify.judges.windows import hardware
from gatekit.verify.model import Check, Kind, Reading
from gatekit.verify.words import both
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator

pytestmark = pytest.mark.story

PASSWORD = "one-time-A1b2C3d4E5f6G7h8"
STAND_IN = b"Microsoft's ISO stands here" * 1000
WINDOWS_ISO = "[datastore1] iso/server2022_ja.iso"


def media(**changes: object) -> InstallMedia:
    plan = site.plan()
    iso = answer_iso(sealed(answer_medium(plan.windows, plan.vm("vm3")), plan.windows,
                            {plan.windows.setup_password: PASSWORD}))  # fmt: skip
    images = (plan.windows.answer_media.path, plan.windows.tools_media.path)
    found = InstallMedia(images, plan.windows.answer_media.path, iso, hashlib.sha256(iso).hexdigest())
    return replace(found, **changes)  # type: ignore[arg-type]  # the tests name real fields


def wishes(given: InstallMedia) -> Wishes:
    esxi = site.host_plan()
    rows = tuple(row for row in esxi.autostart if row.vm == "vm3")
    return Wishes(esxi.name, esxi.datastore, (VmWish(site.plan().vm("vm3"), None, {}, given),), rows)


def with_windows(sha256: str) -> InstallMedia:
    plain = media()
    return replace(plain, images=(WINDOWS_ISO, *plain.images), installation=WINDOWS_ISO, sha256=sha256)


def vm3(session: Session) -> Ref:
    return vm_states(session, vm_refs(session))["vm3"][0]


def lay(session: Session, path: str, content: bytes) -> None:
    media_of_host.upload_answer(session, replace(media(), answer=path, content=content))


def test_ap_4_vm3_is_made_with_its_answers_in_a_drive_and_stays_so(esxi: Simulator) -> None:
    given = media()
    with site.session(esxi) as session:
        site.build_host(session)
        done = site.build_vms(session, wishes(given))
        again = plan_vms(observe_site(session), wishes(given))
        kept = datastore_file(session, given.answer)
        config = vm3(session).config
        state = observe_site(session).vm("vm3")
    assert [change.subject for change in done.changes] == [
        "file [datastore1] gatekit/vm3-answer.iso", "vm vm3", "autostart", "vm vm3",
    ]  # fmt: skip
    assert again.lines() == []
    assert kept == given.content
    assert read_back(kept, "joliet_path") == read_back(kept, "udf_path")
    assert state is not None
    assert (state.first_boot, state.cdroms) == (FirstBootState.WAITING, given.images)
    assert (config.firmware, config.bootOptions.efiSecureBootEnabled) == ("efi", True)


def test_ap_4_vm3s_hardware_needs_no_driver_that_is_not_on_the_media(esxi: Simulator) -> None:
    device = vim.vm.device
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes(media()))
        devices = list(vm3(session).config.hardware.device)
    kinds = {type(row) for row in devices}
    disk = next(row for row in devices if isinstance(row, device.VirtualDisk))
    holder = next(row for row in devices if row.key == disk.controllerKey)
    drives = [row for row in devices if isinstance(row, device.VirtualCdrom)]
    assert isinstance(holder, device.VirtualNVMEController)
    assert {row.controllerKey for row in drives} == {
        row.key for row in devices if isinstance(row, device.VirtualAHCIController)
    }
    assert [(row.unitNumber, row.connectable.allowGuestControl) for row in drives] == [(0, False), (1, False)]
    assert [kind for kind in kinds if issubclass(kind, device.VirtualEthernetCard)] == [device.VirtualE1000e]
    assert not kinds & {device.VirtualFloppy, device.VirtualSerialPort, device.VirtualParallelPort, device.VirtualTPM}


def test_ap_4_verification_reads_the_hardware_from_the_host_itself(esxi: Simulator) -> None:
    plan = site.plan()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes(media()))
        state = json.dumps(_state(session))
        check = Check("x", Kind.ESXI, "AP-4", both(""), "esxi", "esxi", "", "", both(""), 2, Reading("esxi", (), ""))
        built = hardware(plan, check, (state,))
        remove_media(session, vm3(session), media().answer)
        freed = hardware(plan, check, (json.dumps(_state(session)),))
    assert built.ok, built.observed.en
    assert freed.ok, freed.observed.en
    assert (plan.windows.answer_media.path in built.observed.en, "no ISO" in freed.observed.en) == (True, True)


def test_the_installation_iso_is_the_first_drive_and_is_booted_with_a_key(
    esxi: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[str] = []
    monkeypatch.setattr("gatekit.devices.esxi.vm_build.boot_from_cd", lambda _, vms: pressed.extend(vms))
    given = with_windows(hashlib.sha256(STAND_IN).hexdigest())
    with site.session(esxi) as session:
        site.build_host(session)
        lay(session, WINDOWS_ISO, STAND_IN)
        site.build_vms(session, wishes(given))
        state = observe_site(session).vm("vm3")
    assert state is not None
    assert state.cdroms[0] == WINDOWS_ISO
    assert pressed == ["vm3"]


def test_another_installation_iso_than_the_one_named_is_refused_and_nothing_is_made(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        lay(session, WINDOWS_ISO, STAND_IN + b"!")
        with pytest.raises(IntentError) as caught:
            site.build_vms(session, wishes(with_windows(hashlib.sha256(STAND_IN).hexdigest())))
        found = observe_site(session)
        with pytest.raises(DeviceError) as unread:
            datastore_file(session, media().answer)
    assert (caught.value.code, caught.value.path) == ("GW142", "windows.installation_media.sha256")
    assert found.vms == ()
    assert unread.value.code == "GW407"


def test_a_missing_installation_iso_is_named(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        with pytest.raises(DeviceError) as caught:
            site.build_vms(session, wishes(with_windows("0" * 64)))
    assert (caught.value.code, caught.value.path) == ("GW407", f"gw-kita-esx.{WINDOWS_ISO}")


def test_after_the_first_contact_drives_and_answers_are_gone_and_never_come_back(esxi: Simulator) -> None:
    given = media()
    with site.session(esxi) as session:
        site.build_host(session)
        site.build_vms(session, wishes(given))
        remove_media(session, vm3(session), given.answer)
        remove_media(session, vm3(session), given.answer)  # a run that broke off does it again
        state = observe_site(session).vm("vm3")
        again = plan_vms(observe_site(session), wishes(replace(given, fingerprint="of another plan")))
        with pytest.raises(DeviceError) as caught:
            datastore_file(session, given.answer)
        drives = [row for row in vm3(session).config.hardware.device if isinstance(row, vim.vm.device.VirtualCdrom)]
    assert caught.value.code == "GW407"
    assert [(row.connectable.connected, row.connectable.startConnected) for row in drives] == [(False, False)] * 2
    assert not any(isinstance(row.backing, vim.vm.device.VirtualCdrom.IsoBackingInfo) for row in drives)
    assert state is not None
    assert (state.first_boot, state.powered_on) == (FirstBootState.USED, True)
    assert again.lines() == []


def test_a_vm3_that_is_off_loses_the_drives_themselves(esxi: Simulator) -> None:
    given = media()
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault("VirtualMachine.powerOn", "TaskInProgress", task=True)
        with pytest.raises(DeviceError):
            site.build_vms(session, wishes(given))
        remove_media(session, vm3(session), given.answer)
        kinds = {type(row) for row in vm3(session).config.hardware.device}
    assert not kinds & {vim.vm.device.VirtualCdrom, vim.vm.device.VirtualAHCIController}


def test_a_vm3_that_never_ran_is_given_new_answers(esxi: Simulator) -> None:
    old, new = media(), media(fingerprint="of a new plan", content=b"new answers")
    with site.session(esxi) as session:
        site.build_host(session)
        esxi.fault("VirtualMachine.powerOn", "TaskInProgress", task=True)
        with pytest.raises(DeviceError):
            site.build_vms(session, wishes(old))
        site.build_vms(session, wishes(new))
        kept = datastore_file(session, new.answer)
        state = observe_site(session).vm("vm3")
    assert kept == b"new answers"
    assert state is not None
    assert state.cdroms == new.images


def test_a_windows_that_runs_and_was_not_built_by_us_is_left_alone(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        site.build_host(session)
        esx = site.host_plan()
        site.build_vms(session, Wishes(esx.name, esx.datastore, (VmWish(site.plan().vm("vm3"), None, {}),), ()))
        with pytest.raises(DeviceError) as caught:
            plan_vms(observe_site(session), wishes(media()))
    assert (caught.value.code, caught.value.path) == ("GW409", "gw-kita-esx.vm3.first_boot")


def test_no_form_of_the_one_time_password_is_in_prediction_representation_or_log(esxi: Simulator) -> None:
    given = media()
    with site.session(esxi) as session:
        site.build_host(session)
        changes = site.build_vms(session, wishes(given))
    said = f"{changes.diff()} {changes.lines()} {changes!r} {wishes(given)!r} {esxi.log()}"
    for encoded in ("utf-8", "utf-16-le"):
        raw = PASSWORD.encode(encoded)
        sealed_form = f"{PASSWORD}AdministratorPassword".encode(encoded)
        assert str(raw)[2:-1] not in said
        for form in (raw, sealed_form):
            assert base64.b64encode(form).decode() not in said
    assert PASSWORD not in said


def test_the_automation_account_may_do_all_of_it(esxi: Simulator) -> None:
    given, user = media(), site.host_plan().user
    with site.session(esxi) as session:
        site.build_host(session)
    with open_session(site.target(esxi, user=user, password=site.PASSWORDS[user])) as session:
        site.build_vms(session, wishes(given))
        kept = datastore_file(session, given.answer)
        remove_media(session, vm3(session), given.answer)
        left = is_there(session, given.answer)
    assert (kept, left) == (given.content, False)
