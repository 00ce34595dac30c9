"""The licence is looked at before the first write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatekit.devices.esxi.host import plan_host
from gatekit.devices.esxi.host_state import Licence
from gatekit.devices.esxi.licence import days_left, licence_notes
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.esxi.planned_host import as_planned, plan


@pytest.mark.parametrize(
    ("licence", "fix"),
    [
        (
            Licence("esxBasic", "VMware vSphere 8 Hypervisor"),
            "This edition refuses every change through the API. Enter a vSphere licence; nothing was changed.",
        ),
        (
            Licence("eval", "Evaluation Mode", hours_left=0),
            "The evaluation has ended. Enter a vSphere licence; nothing was changed.",
        ),
    ],
    ids=["free", "evaluation-over"],
)
def test_a_licence_without_writes_stops_the_run_even_when_nothing_differs(licence: Licence, fix: str) -> None:
    with pytest.raises(DeviceError) as caught:
        plan_host(replace(as_planned(), licence=licence), plan())
    assert caught.value.facts == ("GW405", "gw-kita-esx.licence", licence.name, fix)


def test_days_left_are_whole_days() -> None:
    assert (days_left(Licence("eval", "", 47)), days_left(Licence("esx.standard", ""))) == (1, None)


def test_an_evaluation_at_a_site_that_wants_a_licence_is_told() -> None:
    notes = licence_notes(Licence("eval", "", 24 * 42), plan(licence="vvf"))
    assert notes == ("gw-kita-esx: evaluation licence, 42 days left; the site file says vvf: enter it",)


@pytest.mark.parametrize(("days", "told"), [(30, 1), (31, 0)])
def test_an_evaluation_that_ends_soon_is_told(days: int, told: int) -> None:
    assert len(licence_notes(Licence("eval", "", 24 * days), plan())) == told


def test_a_paid_licence_needs_no_word() -> None:
    assert licence_notes(Licence("esx.standard", "vSphere 8 Standard"), plan()) == ()
