"""What a FortiGate's text means, beside what tests/unit/gatekit/render/fortios/mutations.py does to it."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.fortios import PLATFORM
from gatekit.errors import DeviceError
from gatekit.plan.flow import Zone
from tests.unit.gatekit.render.fortios.mutations import swapped, with_line, without
from tests.unit.gatekit.simulators.fortios.box import firewall, planned, shown

PLAN = firewall()
TEXT = PLATFORM.render(PLAN)


def test_what_a_box_shows_means_what_was_typed():
    assert PLATFORM.meaning(shown(planned(PLAN)), PLAN) == meaning_of(PLAN)


def test_without_a_last_local_in_policy_everybody_reaches_what_answers():
    found = PLATFORM.meaning(without(TEXT, "firewall local-in-policy", 'intf "any"'), PLAN)
    ssh = [one for one in found.permits if one.destination_zone is Zone.FIREWALL and one.port == 22]
    assert "0.0.0.0/0" in {str(one.source) for one in ssh}
    ike = [one for one in found.permits if one.destination_zone is Zone.FIREWALL and one.port == 500]
    assert "0.0.0.0/0" in {str(one.source) for one in ike}


def test_a_refusing_policy_above_takes_a_permit_away_and_half_of_one_is_not_guessed():
    refusing = (
        '    edit 5\n        set srcintf "DMZ"\n        set dstintf "TRUST"\n        set srcaddr "all"\n'
        '        set dstaddr "all"\n        set schedule "always"\n        set service {service}\n    next'
    )
    all_gone = with_line(TEXT, "config firewall policy", refusing.format(service='"ALL"'))
    found = PLATFORM.meaning(all_gone, PLAN).permits
    assert not [one for one in found if (one.source_zone, one.destination_zone) == (Zone.DMZ, Zone.TRUST)]
    half = refusing.replace('"all"', '"gw-10.161.4.10/32"', 1).format(service='"ALL"')
    narrowed = swapped(TEXT, 'set srcaddr "gw-10.161.4.10/32"', 'set srcaddr "all"')
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(with_line(narrowed, "config firewall policy", half), PLAN)
    assert refused.value.code == "GW427"


@pytest.mark.parametrize(
    "line",
    [
        "frobnicate",
        "config firewall policy",
        "end",
        "    next",
        'set comment "never closed',
        "edit 1 2",
        "set",
    ],
)
def test_a_text_that_is_not_of_the_form_is_refused_without_its_values(line: str):
    with pytest.raises(DeviceError) as refused:
        PLATFORM.meaning(f"{TEXT}{line}\n", PLAN)
    assert refused.value.code == "GW427"
    assert "never closed" not in str(refused.value)


def test_values_over_several_lines_are_read():
    text = TEXT.replace(
        '    edit "gw-10.161.4.5/32"\n', '    edit "gw-10.161.4.5/32"\n        set comment "one\n  end\n"\n'
    )
    assert PLATFORM.meaning(text, PLAN) == meaning_of(PLAN)
