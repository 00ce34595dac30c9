"""How far VM3's Windows is, from what the host reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gatekit.devices.esxi.vm_state import FINGERPRINT, VmState
from gatekit.devices.windows import Contact, Phase, contact_of
from tests.sites import example_plan
from tests.windows_sites import changed

DRIVES = ("[datastore1] gatekit/vm3-answer.iso",)
SAID = {"guestinfo.gw.state": "ok", "guestinfo.gw.certificate.sha256": "ab" * 32}
MEDIA = {"file": "iso/server.iso", "sha256": "0" * 64}


def state(**changes: Any) -> VmState:
    vm = example_plan().vm("vm3")
    made = VmState(
        name="vm3", powered_on=True, guest_id=vm.guest_id, cpus=2, memory_mb=8192, disk_gb=120, nic=None,
        options={FINGERPRINT: "mark"}, tools_running=False, addresses=(), question=None, cdroms=DRIVES,
    )  # fmt: skip
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("found", "phase"),
    [
        (None, Phase.NO_VM),
        (state(powered_on=False), Phase.NO_VM),
        (state(), Phase.NO_MEDIA),
        (state(options={FINGERPRINT: "mark", "guestinfo.gw.state": "failed at line 3"}), Phase.FAILED),
        (state(options={FINGERPRINT: "mark", "guestinfo.gw.state": "ok"}), Phase.FAILED),
        (state(options={FINGERPRINT: "mark"} | SAID), Phase.FIRST_CONTACT),
        (state(options={FINGERPRINT: "mark"} | SAID, cdroms=()), Phase.MAINTAINED),
        (state(cdroms=()), Phase.MAINTAINED),
    ],
)
def test_the_phase_follows_from_power_drives_and_the_guests_word(found: VmState | None, phase: Phase) -> None:
    assert contact_of(found, example_plan().windows).phase is phase


def test_with_media_an_unreported_guest_is_being_installed() -> None:
    plan = changed(installation_media=MEDIA).windows
    assert contact_of(state(), plan).phase is Phase.INSTALLING


def test_every_phase_is_reachable_or_says_why_not() -> None:
    for phase in Phase:
        contact = Contact(phase)
        assert contact.reachable is (contact.reason is None)
