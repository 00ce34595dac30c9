"""Whole changes on a simulated box behind a real SSH port, through netmiko and the change engine."""

from __future__ import annotations

import time
from ipaddress import IPv4Address

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Ending
from gatekit.devices.change.request import ChangeRequest, RevertedError
from gatekit.devices.junos import PLATFORM
from gatekit.devices.junos.exchange import ask
from gatekit.errors import DeviceError
from gatekit.simulators.junos import words
from tests.unit.gatekit.devices.junos.lab import PACE, Lab, Sends, fails
from tests.unit.gatekit.simulators.junos.boxes import (
    OLD_PASSWORD,
    SECRETS,
    as_planned,
    ex,
    firewall,
    l3_switch,
    logged_in,
    observed,
    srx,
)

pytestmark = pytest.mark.peer


def test_a_staged_box_becomes_the_firewall_and_keeps_it_over_a_loss_of_power(tmp_path):
    lab = Lab(srx(speed=20), firewall(), tmp_path)
    with lab.simulator:
        outcome = lab.change()
        assert outcome.ending is Ending.CONFIRMED
        assert PLATFORM.meaning(lab.running(), lab.part) == meaning_of(lab.part)
        assert not lab.pending()
        kept = lab.running()
        lab.simulator.power_cycle(1.0)
        time.sleep(0.3)
        assert lab.running() == kept
        with logged_in(lab.simulator, SECRETS["firewall_password"]) as session:
            assert PLATFORM.observe(session, lab.part).open_edit is None
        assert lab.simulator.run(lambda: list(lab.device.psks.values()))[-1] == SECRETS["vpn_psk"]


def test_a_second_run_sends_nothing(lab):
    assert lab.change().ending is Ending.CONFIRMED
    history = lab.simulator.run(lambda: len(lab.device.commits.history))
    request = ChangeRequest(PLATFORM, lab.login("firewall_password"), lab.part, SECRETS, "0" * 64, pace=PACE)
    assert change_device(request, lab.record).ending is Ending.UNCHANGED
    assert lab.simulator.run(lambda: len(lab.device.commits.history)) == history


def test_a_failed_probe_takes_the_change_back_at_once_with_the_old_secrets(lab):
    before, psk = lab.running(), lab.simulator.run(lab.device.commits.active.copy)
    with pytest.raises(RevertedError) as reverted:
        lab.change(probes=(fails,))
    assert reverted.value.code == "GW429"
    assert lab.running() == before
    assert lab.simulator.run(lambda: lab.device.commits.active) == psk
    assert lab.simulator.run(lambda: lab.device.users) == {"gwops": OLD_PASSWORD}
    assert not lab.pending()


def test_what_only_the_check_finds_leaves_the_box_as_it_was(lab):
    before = lab.running()
    with pytest.raises(RevertedError) as reverted:
        lab.change(Sends("delete interfaces ge-0/0/2"))
    assert reverted.value.code == "GW422"
    assert "Interface ge-0/0/2.0 must be configured under interfaces" in str(reverted.value.value)
    assert lab.running() == before


def test_a_password_that_the_box_does_not_take_stops_the_change(lab):
    platform = Sends('set system root-authentication plain-text-password-value "<secret short>"')
    with pytest.raises(RevertedError) as reverted:
        lab.change(platform, secrets={**SECRETS, "short": "abc"})
    assert reverted.value.facts[:3] == ("GW422", "firewall.line", "<secret short>")


def test_a_second_admins_open_edit_is_refused_and_left_alone(lab):
    before = lab.running()
    with logged_in(lab.simulator) as other:
        ask(other, "configure")
        ask(other, "set snmp location cellar")
        with pytest.raises(DeviceError) as refused:
            lab.change()
        assert refused.value.facts[:2] == ("GW413", "firewall")
        assert "pid" in str(refused.value.value)
        assert "+   location cellar;" in ask(other, "show | compare")
        ask(other, "rollback 0")
    assert lab.running() == before


def test_a_second_admins_lock_is_refused(lab):
    with logged_in(lab.simulator) as other:
        ask(other, "configure exclusive")
        with pytest.raises(DeviceError) as refused:
            lab.change()
        assert refused.value.code == "GW413"
        assert "exclusive" in str(refused.value.value)


def test_a_second_admins_pending_commit_is_refused_and_not_confirmed(lab):
    with logged_in(lab.simulator) as other:
        ask(other, "configure")
        ask(other, "set snmp location cellar")
        ask(other, "commit confirmed 100")
        with pytest.raises(DeviceError) as refused:
            lab.change()
        assert refused.value.code == "GW413"
        assert "commit not yet confirmed" in str(refused.value.value)
        with logged_in(lab.simulator) as session, pytest.raises(DeviceError) as armed:
            PLATFORM.transaction().arm(session, 60)
        assert armed.value.facts[:2] == ("GW413", "firewall.commit")
        assert lab.pending()


def test_a_session_that_drops_in_mid_push_leaves_nothing_behind(lab):
    before = lab.running()

    class Drops(Sends):
        def transaction(self):
            made = super().transaction()
            push = made.push

            def drop(session, change_set):
                push(session, ChangeSet(forward=change_set.forward[:1]))
                lab.simulator.drop_sessions()
                push(session, ChangeSet(forward=change_set.forward[1:]))

            made.push = drop
            return made

    with pytest.raises(RevertedError) as reverted:
        lab.change(Drops("set system host-name other", "set snmp location cellar"))
    assert reverted.value.code == "GW402"
    assert lab.running() == before
    assert lab.simulator.run(lambda: lab.device.commits.modified) is False


@pytest.mark.parametrize(("chunk_bytes", "delay_s"), [(3, 0.0), (13, 0.001)])
def test_a_reminder_that_arrives_in_pieces_is_not_taken_for_a_prompt(tmp_path, chunk_bytes, delay_s):
    """netmiko's own driver takes the `#` of a pending commit's reminder for a prompt (vendor reference 1.6)."""
    lab = Lab(ex(speed=20), l3_switch(), tmp_path, chunk_bytes=chunk_bytes, delay_s=delay_s)
    with lab.simulator:
        assert lab.change().ending is Ending.CONFIRMED
        assert PLATFORM.meaning(lab.running(), lab.part) == meaning_of(lab.part)


def test_a_long_configuration_that_arrives_in_pieces_is_read_whole(tmp_path):
    lab = Lab(srx(as_planned(firewall())), firewall(), tmp_path, chunk_bytes=97, delay_s=0.002)
    with lab.simulator, logged_in(lab.simulator) as session:
        assert PLATFORM.observe(session, lab.part).running == observed(lab.device).running


def test_nw_4_the_switch_keeps_our_route_and_loses_it_again(tmp_path):
    lab = Lab(ex(speed=20), l3_switch(), tmp_path)
    with lab.simulator:
        before = lab.running()
        outcome = lab.change()
        assert outcome.ending is Ending.CONFIRMED
        assert outcome.change_set.forward == ("set routing-options static route 10.161.4.0/24 next-hop 192.168.10.5",)
        assert set(lab.running().splitlines()) - set(before.splitlines()) == set(outcome.change_set.forward)
        assert lab.change().ending is Ending.UNCHANGED
        assert lab.change(absent=True).ending is Ending.CONFIRMED
        assert lab.running() == before


def test_what_is_secret_on_the_hospitals_switch_is_not_read_out(tmp_path):
    lab = Lab(ex(), l3_switch(), tmp_path)
    with lab.simulator, logged_in(lab.simulator) as session:
        found = PLATFORM.observe(session, lab.part)
    assert 'set snmp community "<hidden>"\n' in found.running
    assert "hospital-secret" not in found.model_dump_json()


def test_what_was_observed_is_what_the_box_holds(lab):
    with logged_in(lab.simulator) as session:
        found = PLATFORM.observe(session, lab.part)
    assert (found.version, found.model, found.startup) == ("22.4R3-S2.11", "srx300", None)
    assert found.running == observed(lab.device).running
    with pytest.raises(DeviceError) as refused:
        lab.change(seen="0" * 64)
    assert refused.value.code == "GW428"


def test_a_box_shut_out_from_elsewhere_is_not_reached(tmp_path):
    lab = Lab(srx(as_planned(firewall()), client=IPv4Address("10.161.4.10")), firewall(), tmp_path)
    with lab.simulator, pytest.raises(DeviceError) as refused:
        lab.change()
    assert refused.value.code == "GW402"


def test_a_broadcast_behind_the_prompt_costs_no_patience(lab):
    message = words.NOT_CONFIRMED.format(host="fw-kita", time="13:05 JST", rest=words.NOT_CONFIRMED_REST)
    with logged_in(lab.simulator) as session:
        terminal = lab.simulator.run(lambda: lab.device.sessions[0])
        read_line = terminal.read_line

        async def says_something(prompt: str, *, echo: bool = True) -> str:
            lab.device.clock.call_after(0.01, lambda: terminal.post(message))
            return await read_line(prompt, echo=echo)

        terminal.read_line = says_something
        began_at = time.monotonic()
        assert PLATFORM.observe(session, lab.part).running == observed(lab.device).running
        assert time.monotonic() - began_at < 10
