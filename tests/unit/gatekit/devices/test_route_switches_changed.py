"""The whole way on simulated L3 switches: netmiko, SSH and the change engine, the same on every product."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Ending, ProbeResult
from gatekit.devices.change.request import RevertedError
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.switch_lab import KINDS, Kind, lab, with_transaction

pytestmark = pytest.mark.peer
EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
HABITS: dict[str, tuple[str, dict[str, Any]]] = {
    "comware": ("comware", {}),
    "comware 5": ("comware", {"generation": 5}),
    "comware with a banner": ("comware", {"habits": {"welcome"}}),
    "comware in a pair": ("comware", {"habits": {"pair"}}),
    "alliedware_plus": ("alliedware_plus", {}),
    "alliedware_plus with noise": ("alliedware_plus", {"noisy": True}),
    "alliedware_plus with a password for enable": ("alliedware_plus", {"enable_password": "operator-pass-77"}),
    "aos_cx": ("aos_cx", {}),
    "aos_cx that saves outside configuration mode only": ("aos_cx", {"is_old": True}),
}


def refuses() -> ProbeResult:
    return ProbeResult(name="portal", passed=False, found="no answer")


@pytest.mark.parametrize("habit", HABITS)
def test_nw_4_the_route_is_kept_and_survives_a_power_cut(tmp_path: Path, habit: str) -> None:
    name, habits = HABITS[habit]
    kind = KINDS[name]
    with lab(kind, tmp_path, kind.switch(**habits)) as it:
        assert it.change().ending is Ending.CONFIRMED
        it.power_cycle()
        assert it.change().ending is Ending.UNCHANGED
        assert it.running() == kind.configuration(kind.ours).text()
        assert kind.platform.meaning(kind.platform.reading.settled(it.running()), kind.plan) == meaning_of(kind.plan)


@EVERY
def test_nw_4_the_route_is_taken_away_again_and_nothing_else(tmp_path: Path, kind: Kind) -> None:
    with lab(kind, tmp_path, kind.switch(kind.ours)) as it:
        assert it.change(absent=True, interruption_allowed=True).ending is Ending.CONFIRMED
        assert (it.running(), it.startup()) == (kind.configuration().text(),) * 2


@EVERY
def test_what_no_evidence_confirms_goes_back_and_nothing_is_saved(tmp_path: Path, kind: Kind) -> None:
    with lab(kind, tmp_path) as it:
        before = it.running()
        with pytest.raises(RevertedError) as reverted:
            it.change(probes=(refuses,))
        assert reverted.value.code == "GW429"
        assert (it.running(), it.startup()) == (before, before)
        assert it.change().ending is Ending.CONFIRMED  # nothing is left that would be taken for somebody's edit


@EVERY
def test_a_session_that_drops_in_mid_push_is_taken_back_on_a_new_one(tmp_path: Path, kind: Kind) -> None:
    with lab(kind, tmp_path) as it:
        before = it.running()
        dropping = with_transaction(kind.platform, "activate", lambda _session: it.simulator.drop_sessions())
        with pytest.raises(RevertedError) as reverted:
            it.change(dropping, probes=(refuses,))
        assert reverted.value.code == "GW429"
        assert (it.running(), it.startup()) == (before, before)


@EVERY
def test_arm_refuses_what_somebody_changed_after_the_look(tmp_path: Path, kind: Kind) -> None:
    with lab(kind, tmp_path) as it, it.session() as session:
        kind.platform.observe(session, kind.plan)
        it.type(kind.route("172.21.0.0/16", "192.168.20.254"))
        with pytest.raises(DeviceError) as refused:
            kind.platform.transaction().arm(session, 60)
        assert refused.value.facts[:2] == ("GW413", f"{it.switch.host_name}.startup")


@EVERY
def test_lines_that_somebody_types_meanwhile_are_neither_saved_nor_thrown_away(tmp_path: Path, kind: Kind) -> None:
    theirs = kind.route("172.21.0.0/16", "192.168.20.254")
    with lab(kind, tmp_path) as it:
        before = it.startup()
        disturbed = with_transaction(kind.platform, "keep", lambda _session: it.type(theirs))
        with pytest.raises(DeviceError) as refused:
            it.change(disturbed)
        assert refused.value.code == "GW426"
        assert "GW413" in str(refused.value)
        assert theirs in str(refused.value)
        assert it.running() == kind.configuration(theirs).text()
        assert it.startup() == before


@EVERY
def test_nw_4_a_learnt_way_into_our_network_is_refused(tmp_path: Path, kind: Kind) -> None:
    box = kind.switch()
    box.learnt.append((IPv4Network("10.161.4.128/25"), IPv4Address("192.168.20.7"), "Vlan20"))
    with lab(kind, tmp_path, box) as it, pytest.raises(DeviceError) as refused:
        it.change()
    assert refused.value.facts[:2] == ("GW421", "l3_switch.route")
    assert "10.161.4.128/25" in refused.value.facts[2]


@EVERY
def test_an_account_that_may_not_configure_is_told_so(tmp_path: Path, kind: Kind) -> None:
    habits = {
        "comware": {"habits": {"operator"}},
        "alliedware_plus": {"enable_password": "another-one"},
        "aos_cx": {"is_operator": True},
    }
    with lab(kind, tmp_path, kind.switch(**habits[kind.platform.name])) as it:
        before = it.running()
        with pytest.raises(DeviceError) as refused:
            it.change()
        assert refused.value.code == "GW404"
        assert "another-one" not in str(refused.value)
        assert it.running() == before


RELEASES = {
    "comware": ("7.1.070", "S5560X-30C-EI"),
    "alliedware_plus": ("5.5.0-1.1", "x530-28GTXm"),
    "aos_cx": ("FL.10.10.1040", "JL658A"),
}


@EVERY
@pytest.mark.parametrize("noisy", [False, True])
def test_slow_and_chunked_output_is_read_whole(tmp_path: Path, kind: Kind, *, noisy: bool) -> None:
    habits = {"noisy": noisy} if kind.platform.name == "alliedware_plus" else {}
    with lab(kind, tmp_path, kind.switch(**habits), chunk_bytes=7, delay_s=0.0005) as it, it.session() as session:
        found = kind.platform.observe(session, kind.plan)
        assert found.running == found.startup == kind.platform.reading.settled(it.running())
        assert (found.version, found.model) == RELEASES[kind.platform.name]
