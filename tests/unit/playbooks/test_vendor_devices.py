"""The roles change a vendor's device: ansible-playbook against simulated boxes behind real SSH ports."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.junos import PLATFORM as JUNOS
from tests.sites import vendor_plan
from tests.unit.gatekit.devices.switch_lab import KINDS
from tests.unit.playbooks.vendor_boxes import ROLLED_BACK, History, history_of

pytestmark = pytest.mark.peer

SWITCHES = sorted(KINDS)
BOXES = ("firewall", *SWITCHES)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """What five runs did to all boxes; the tests only look at it."""
    return history_of(tmp_path_factory.mktemp("boxes"))


def test_check_mode_announces_the_firewalls_change_and_leaves_it_alone(history: History) -> None:
    assert history.preview.changes("firewall") == 1
    assert history.preview.running["firewall"] == history.before["firewall"]


def test_ap_6_the_role_makes_a_staged_srx_the_sites_firewall(history: History) -> None:
    part = vendor_plan("juniper_srx").firewall
    assert history.change.changes("firewall") == 1
    assert JUNOS.meaning(history.change.running["firewall"], part) == meaning_of(part)


@pytest.mark.parametrize("name", SWITCHES)
def test_nw_4_the_role_adds_our_one_route(name: str, history: History) -> None:
    assert history.change.changes(name) == 1
    assert history.change.stands(name)


@pytest.mark.parametrize("name", BOXES)
def test_a_second_run_changes_nothing(name: str, history: History) -> None:
    assert history.again.changes(name) == 0
    assert history.again.running[name] == history.change.running[name]


@pytest.mark.parametrize("name", SWITCHES)
def test_nw_4_the_role_takes_our_one_route_away_again(name: str, history: History) -> None:
    assert history.removal.changes(name) == 1
    assert history.removal.running[name] == history.before[name]


def test_a_rollback_brings_the_state_before_the_last_confirmed_one_back(history: History) -> None:
    assert not history.removal.stands(ROLLED_BACK)
    assert history.rollback.changes(ROLLED_BACK) == 1
    assert history.rollback.stands(ROLLED_BACK)


def test_no_run_prints_a_secret(history: History) -> None:
    assert len(history.secrets) == 4
    assert [sum(word in run.said for word in history.secrets) for run in history.runs] == [0] * len(history.runs)
