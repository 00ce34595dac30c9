"""A change that stays, on a small box behind a real SSH port, through netmiko."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending
from gatekit.devices.change.request import BY_VENDOR, RevertedError
from gatekit.errors import DeviceError
from tests.unit.gatekit.devices.change.box import STARTUP, BoxPlatform
from tests.unit.gatekit.devices.change.wishes import BECAME, WANTED, configured, fails, passes, timers

pytestmark = pytest.mark.peer


@timers
def test_a_change_that_is_proven_is_kept_and_survives_a_loss_of_power(lab, timed):
    outcome = lab.change(BoxPlatform(WANTED, timed=timed), probes=(passes,))
    assert (outcome.ending, outcome.probes) == (Ending.CONFIRMED, (passes(),))
    assert lab.running() == lab.startup() == BECAME
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.running() == BECAME
    assert set(outcome.seconds) == {
        *("observe", "ask the ways that work", "arm", "push", "activate"),
        *("log in again", "probe", "keep", "look again"),
    }


@timers
def test_a_second_run_changes_nothing(lab, timed):
    platform = BoxPlatform(WANTED, timed=timed)
    lab.change(platform)
    sent = configured(lab)
    assert lab.change(platform).ending is Ending.UNCHANGED
    assert configured(lab) == sent


def test_what_is_too_much_is_taken_away(lab):
    lab.box.startup["old"] = lab.box.running["old"] = "1"
    outcome = lab.change(BoxPlatform({}, unwanted=("old",)))
    assert (outcome.ending, lab.startup()) == (Ending.CONFIRMED, STARTUP)


class RemovingPlatform(BoxPlatform):
    def removal(self, observed, part):
        return BoxPlatform({}, unwanted=tuple(self.wanted)).change_set(observed, part, renewed_secrets=frozenset())


def test_our_part_is_taken_away_where_the_platform_can(lab):
    platform = RemovingPlatform({"route": "1"})
    lab.change(platform)
    assert lab.change(platform, absent=True).ending is Ending.CONFIRMED
    assert lab.startup() == STARTUP
    assert lab.change(platform, absent=True).ending is Ending.UNCHANGED
    assert [state.absent for state in lab.record.read().confirmed] == [True, False]


def test_what_cannot_be_taken_away_is_refused(lab):
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED), absent=True)
    assert refused.value.facts == ("GW423", "box-k", "removal on box", BY_VENDOR)


def test_a_device_that_never_saved_anything_may_be_changed(lab):
    lab.box.startup = {}
    assert lab.change(BoxPlatform(WANTED)).ending is Ending.CONFIRMED
    assert lab.startup() == BECAME


def test_check_mode_predicts_and_sends_nothing(lab):
    outcome = lab.change(BoxPlatform(WANTED), check=True)
    assert (outcome.ending, outcome.change_set.forward) == (
        Ending.PREDICTED,
        tuple(f"set {name} {value}" for name, value in WANTED.items()),
    )
    assert configured(lab) == []
    assert not lab.record.path.exists()


def test_a_secret_is_sent_again_only_when_it_was_renewed(lab):
    platform = BoxPlatform(WANTED)
    lab.change(platform)
    outcome = lab.change(platform, secrets={"vpn_psk": "another-key"})
    assert outcome.change_set.forward == ("set psk <secret vpn_psk>",)
    assert lab.startup()["psk"] == "another-key"


def test_the_new_login_uses_our_own_renewed_password(lab):
    renewed = "renewed-password"
    platform = BoxPlatform({"password": "<secret firewall_password>"})
    login = lab.simulator.login()
    request = lab.request(platform, secrets={"firewall_password": renewed}, later=replace(login, password=renewed))
    assert change_device(request, lab.record).ending is Ending.CONFIRMED
    assert lab.startup()["password"] == renewed


def test_without_proof_our_own_password_is_the_old_one_again(lab):
    renewed = "renewed-password"
    platform = BoxPlatform({"password": "<secret firewall_password>"})
    login = lab.simulator.login()
    secrets = {"firewall_password": renewed}
    request = lab.request(platform, secrets=secrets, later=replace(login, password=renewed), probes=(fails,))
    with pytest.raises(RevertedError):
        change_device(request, lab.record)
    assert lab.running() == STARTUP
