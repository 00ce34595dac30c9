"""The document a person reads before a change, and what makes the playbooks red."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.comparison import document
from gatekit.comparison.model import Comparison, DeviceFinding, Difference, Finding, Purpose
from gatekit.comparison.verdict import refuse_drift, refuse_refusals
from gatekit.errors import DeviceError

LONG = tuple(f"+line {number}" for number in range(250))
DIFFERS = DeviceFinding(
    name="firewall",
    platform="juniper_srx",
    finding=Finding.DIFFERS,
    differences=(Difference(subject="Network device | Keep our part", where="", lines=("+set a", "-set b", *LONG)),),
    steps=("set a", "delete b"),
    interrupts=True,
    touches=("management", "policy"),
)
PLANNED = DeviceFinding(name="l3_switch", platform="frr", finding=Finding.AS_PLANNED)
NOT_REACHED = DeviceFinding(name="vm1", platform="debian13", finding=Finding.NOT_REACHED, reason="no answer")
BY_VENDOR = DeviceFinding(name="l3_switch", platform="frr", finding=Finding.BY_VENDOR, reason="ask them")
REFUSED = DeviceFinding(name="esxi", platform="esxi", finding=Finding.REFUSED, reason="other key [GW416]")
LEFT_OUT = DeviceFinding(name="vm2", platform="debian13")


def comparison(*devices: DeviceFinding, purpose: Purpose = "change") -> Comparison:
    return Comparison(purpose=purpose, site="kita", plan_sha256="0" * 64, devices=devices)


def test_every_device_has_a_row_with_what_a_person_decides_on() -> None:
    text = document.markdown(comparison(DIFFERS, PLANNED, NOT_REACHED, BY_VENDOR))
    for row in (
        "| firewall | juniper_srx | differs: +251 -1 lines; interrupts traffic; touches management, policy |",
        "| l3_switch | frr | no change |",
        "| vm1 | debian13 | not reachable: no answer |",
        "| l3_switch | frr | managed by the vendor: request sheet |",
    ):
        assert row in text.splitlines()


def test_a_section_shows_the_lines_that_come_and_go_and_what_is_sent() -> None:
    text = document.markdown(comparison(DIFFERS))
    assert "~~~diff\n+set a\n-set b\n+line 0\n" in text
    assert "... 52 more lines, all of them in the JSON" in text
    assert "~~~text\nset a\ndelete b\n~~~" in text


def test_what_was_written_is_read_back_whole_and_an_earlier_document_is_forgotten(tmp_path: Path) -> None:
    whole = comparison(DIFFERS, REFUSED, LEFT_OUT, purpose="drift")
    document.write(whole, tmp_path)
    assert document.read(tmp_path, "drift") == whole
    document.forget(tmp_path, "drift")
    with pytest.raises(DeviceError) as caught:
        document.read(tmp_path, "drift")
    assert caught.value.facts[:3] == ("GW407", str(tmp_path / "drift.json"), "nothing was collected")


def test_a_preview_is_red_only_where_a_device_refused() -> None:
    refuse_refusals(comparison(DIFFERS, PLANNED, NOT_REACHED, BY_VENDOR, LEFT_OUT), Path("change.md"))
    with pytest.raises(DeviceError) as caught:
        refuse_refusals(comparison(DIFFERS, REFUSED), Path("change.md"))
    assert caught.value.facts[:3] == ("GW433", "kita", "esxi esxi refused: other key [GW416]")


@pytest.mark.parametrize("device", [DIFFERS, NOT_REACHED, REFUSED], ids=lambda device: str(device.finding))
def test_a_drift_report_is_red_when_one_device_is_not_known_to_be_as_planned(device: DeviceFinding) -> None:
    with pytest.raises(DeviceError) as caught:
        refuse_drift(comparison(PLANNED, device, purpose="drift"), Path("drift.md"))
    assert caught.value.code == "GW431"
    assert str(caught.value.value).startswith(device.name)


def test_a_drift_report_is_green_when_all_that_was_asked_for_is_as_planned() -> None:
    refuse_drift(comparison(PLANNED, BY_VENDOR, LEFT_OUT, purpose="drift"), Path("drift.md"))


@pytest.mark.parametrize("devices", [(), (LEFT_OUT,), (BY_VENDOR,)])
def test_a_drift_report_that_compared_nothing_is_not_green(devices: tuple[DeviceFinding, ...]) -> None:
    with pytest.raises(DeviceError) as caught:
        refuse_drift(comparison(*devices, purpose="drift"), Path("drift.md"))
    assert caught.value.facts[2] == "no device was compared"
