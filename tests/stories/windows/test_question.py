"""How far VM3 is, asked of a simulated host, with a WinRM listener in Windows' place."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.esxi.install_media import is_there
from gatekit.devices.esxi.session import Session
from gatekit.devices.esxi.tasks import Started, finish
from gatekit.devices.esxi.vm_read import vm_refs, vm_states
from gatekit.devices.esxi.vm_spec import option_values
from gatekit.devices.esxi.vm_state import InstallMedia, VmWish, Wishes
from gatekit.devices.esxi.vmomi import vim
from gatekit.devices.windows import Phase
from gatekit.devices.windows.question import Question, ask, clear
from gatekit.errors import DeviceError
from gatekit.plan.windows import WindowsPlan
from tests.stories.esxi import site
from tests.stories.esxi.simulator import Simulator
from tests.winrm_listener import LOOPBACK, Listener, sha256, windows_certificate

pytestmark = pytest.mark.story

PASSWORDS = {"administrator": "Aa1-the-one-that-stays", "setup": "Aa1-one-time"}
QUESTION = Question(LOOPBACK, PASSWORDS, "")


def built(session: Session) -> WindowsPlan:
    """Make VM3 with an answer ISO and return its plan."""
    plan = site.plan().windows
    media = InstallMedia((plan.answer_media.path, plan.tools_media.path), plan.answer_media.path, b"answers", "mark")
    esx = site.host_plan()
    site.build_host(session)
    site.build_vms(session, Wishes(esx.name, esx.datastore, (VmWish(site.plan().vm("vm3"), None, {}, media),), ()))
    return plan


def say(session: Session, **words: str) -> None:
    """Let the guest write into its guestinfo, as rpctool does."""
    vm = vm_states(session, vm_refs(session))["vm3"][0]
    options = option_values({f"guestinfo.gw.{key.replace('_', '.')}": value for key, value in words.items()})
    spec = vim.vm.ConfigSpec(extraConfig=options)
    finish(session, [Started("say", session.write("say", lambda: vm.ReconfigVM_Task(spec)))], 10)


def test_ap_4_without_media_the_note_says_so_and_nothing_is_asked_of_windows(esxi: Simulator) -> None:
    with site.session(esxi) as session:
        plan = built(session)
        answer = ask(session, plan, QUESTION)
    assert answer.contact.phase is Phase.NO_MEDIA
    assert list(answer.files) == ["windows.json"]
    assert "windows.installation_media" in answer.files["windows.json"]


def test_ap_4_a_guest_that_reported_is_pinned_contacted_once_and_freed_of_its_media(
    esxi: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener(windows_certificate(), tmp_path)
    listener.thread.start()
    try:
        with site.session(esxi) as session:
            plan = built(session).model_copy(update={"winrm_port": listener.door.port})
            say(session, state="ok", certificate_sha256=sha256(listener.certificate))
            with pytest.raises(DeviceError) as refused:
                ask(session, plan, Question(LOOPBACK, PASSWORDS, listener.certificate))
            monkeypatch.setattr("gatekit.devices.windows.question.log_in", lambda *_: "setup")
            first = ask(session, plan, Question(LOOPBACK, PASSWORDS, listener.certificate))
            cleared = [clear(session, plan, write=write) for write in (False, True, True)]
            left = is_there(session, plan.answer_media.path)
            monkeypatch.setattr("gatekit.devices.windows.question.log_in", lambda *_: "administrator")
            after = ask(session, plan, Question(LOOPBACK, PASSWORDS, listener.certificate))
    finally:
        listener.stop()
    assert (refused.value.code, refused.value.value) == ("GW401", "administrator, setup")
    assert (first.contact.phase, first.first_contact) == (Phase.FIRST_CONTACT, True)
    assert first.files == {"vm3.pem": listener.certificate}
    assert (cleared, left) == ([True, True, False], False)
    assert (after.contact.phase, after.first_contact, after.media) == (Phase.MAINTAINED, False, ())


def test_a_guest_with_another_certificate_than_it_reported_is_not_asked(esxi: Simulator, tmp_path: Path) -> None:
    listener = Listener(windows_certificate(), tmp_path)
    listener.thread.start()
    try:
        with site.session(esxi) as session:
            plan = built(session).model_copy(update={"winrm_port": listener.door.port})
            say(session, state="ok", certificate_sha256="0" * 64)
            with pytest.raises(DeviceError) as caught:
                ask(session, plan, Question(LOOPBACK, PASSWORDS, windows_certificate().certificate))
    finally:
        listener.stop()
    assert caught.value.code == "GW416"
    assert listener.requests == []


def test_a_run_that_detached_and_did_not_delete_does_so_the_next_time(
    esxi: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.session(esxi) as session:
        plan = built(session)
        esxi.fault("FileManager.deleteDatastoreFile", "ResourceInUse", task=True)
        with pytest.raises(DeviceError) as caught:
            clear(session, plan, write=True)
        again = clear(session, plan, write=True)
        left = is_there(session, plan.answer_media.path)
    assert caught.value.code == "GW408"
    assert (again, left) == (True, False)
