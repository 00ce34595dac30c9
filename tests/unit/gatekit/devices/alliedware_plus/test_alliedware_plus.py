"""What is AlliedWare Plus's own (vendor reference 7.4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.devices.alliedware_plus import PLATFORM
from gatekit.devices.alliedware_plus.reading import learnt
from gatekit.devices.change.model import ChangeSet
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS, lab
from tests.unit.gatekit.simulators.alliedware_plus.switches import OURS, configuration, plan

KIND = KINDS["alliedware_plus"]


def changes(extra: str) -> ChangeSet:
    observed = KIND.observed(configuration(extra).text())
    return PLATFORM.change_set(observed, plan(), renewed_secrets=frozenset())


def test_nw_4_a_line_that_the_vendor_typed_with_a_dotted_mask_is_ours() -> None:
    typed = "ip route 10.161.4.0 255.255.255.0 192.168.10.5"
    assert f"\n{OURS}\n" in configuration(typed).text()
    assert changes(typed) == ChangeSet()


def test_nw_4_our_route_with_a_distance_is_refused() -> None:
    with pytest.raises(DeviceError) as refused:
        changes(f"{OURS} 200")
    assert refused.value.facts[:3] == ("GW421", "l3_switch.route", f"{OURS} 200")


def test_nw_4_a_switch_that_does_not_route_is_refused() -> None:
    with pytest.raises(DeviceError) as refused:
        changes("no ip forwarding")
    assert refused.value.facts[:3] == ("GW425", "l3_switch.routing", "no ip forwarding")


def test_nw_4_a_route_learnt_in_another_vrf_is_none_of_ours() -> None:
    rows = "O       10.161.4.0/25 [110/20] via 192.168.10.7, vlan10, 00:10:21\n"
    other = f"\n[VRF: GUESTS]\n{rows.replace('4.0/25', '4.128/25')}"
    assert [str(one.network) for one in learnt(f"{rows}{other}")] == ["10.161.4.0/25"]


def test_there_is_no_timer_to_wait_for() -> None:
    assert PLATFORM.undo is None
    assert PLATFORM.transaction().wait_for_timer_s(300) == 0.0


@pytest.mark.peer
def test_carriage_returns_and_escape_codes_are_taken_away(tmp_path: Path) -> None:
    with lab(KIND, tmp_path, KIND.switch(noisy=True)) as it, it.session() as session:
        raw = session.connection.send_command_timing("show running-config", strip_prompt=False, strip_command=False)
        assert "hostname awplus-hosp" in raw
        found = PLATFORM.dialogue.shown(session, "show running-config")
        assert not set(found) & set("\r\x1b")
        assert PLATFORM.reading.settled(found) == PLATFORM.reading.settled(it.running())
