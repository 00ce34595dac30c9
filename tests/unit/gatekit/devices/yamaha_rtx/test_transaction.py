"""Each way a change of an RTX can end: through netmiko, on the simulated router behind a real SSH port."""

from __future__ import annotations

import time
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Ending, ProbeResult
from gatekit.devices.change.request import RevertedError
from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.errors import DeviceError
from gatekit.plan.network_device import Route
from tests.unit.gatekit.devices.yamaha_rtx.conftest import PACE, SECRETS, STAGING, cpe, replaced

pytestmark = pytest.mark.peer
FACTORY = "sshd service on\n"


def passes() -> ProbeResult:
    return ProbeResult(name="portal", passed=True, found="accepted")


def fails() -> ProbeResult:
    return ProbeResult(name="portal", passed=False, found="no_answer")


def with_another_route(part=None):
    part = part or cpe()
    return replaced(part, routes=(Route(network=part.plan.dmz, via=IPv4Address("10.161.252.7")),))


def wait_until(true, limit_s: float = 20.0) -> bool:
    ends_at = time.monotonic() + limit_s
    while not true() and time.monotonic() < ends_at:
        time.sleep(0.05)
    return true()


# ------------------------------------------------------------------ it stays
def test_a_router_from_the_factory_becomes_the_plan_and_keeps_it_without_power(make_lab):
    lab = make_lab(FACTORY)
    outcome = lab.change(probes=(passes,))
    assert outcome.ending is Ending.CONFIRMED
    assert lab.running() == lab.startup()
    assert PLATFORM.meaning(lab.running(), lab.part) == meaning_of(lab.part)
    lab.lose_power()
    assert PLATFORM.meaning(lab.running(), lab.part) == meaning_of(lab.part)
    assert lab.change().ending is Ending.UNCHANGED


def test_a_kept_change_leaves_no_timer_in_either_configuration(lab):
    outcome = lab.change(part=with_another_route(), probes=(passes,))
    assert outcome.ending is Ending.CONFIRMED
    assert "schedule at 9" not in lab.running() + lab.startup()
    assert lab.simulator.run(lambda: (dict(lab.router.timers), lab.router.restarts)) == ({}, 0)


def test_check_mode_sends_nothing(lab):
    before = lab.running()
    outcome = lab.change(part=with_another_route(), check=True)
    assert (outcome.ending, outcome.change_set.forward) == (
        Ending.PREDICTED,
        ("ip route 10.161.1.0/24 gateway 10.161.252.7",),
    )
    assert lab.running() == before


def test_a_login_leaves_no_mark_on_the_configuration(make_lab):
    lab = make_lab("ip lan1 address 192.168.100.1/24\nsshd service on\n")
    before = lab.running()
    session = lab.session()
    PLATFORM.prepare(session)
    found = PLATFORM.observe(session, lab.part)
    session.close()
    assert lab.running() == before
    assert (found.model, found.version, found.open_edit) == ("RTX1300", "Rev.23.00.14", None)
    assert found.running == found.startup


# ------------------------------------------------------------------ it goes back
def test_a_change_against_the_evidence_is_taken_back_without_a_restart(lab):
    before = lab.running()
    with pytest.raises(RevertedError) as reverted:
        lab.change(part=with_another_route(), probes=(fails,))
    assert (reverted.value.code, reverted.value.value) == ("GW429", "portal: no_answer")
    assert lab.running() == lab.startup() == before
    assert lab.simulator.run(lambda: lab.router.restarts) == 0


def test_a_secret_that_was_sent_goes_back_by_a_restart_because_no_line_can(make_lab):
    lab = make_lab(FACTORY)
    lab.change()
    key = lab.simulator.run(lambda: lab.router.running.tunnel(1)["ipsec ike pre-shared-key 1"])
    with pytest.raises(RevertedError):
        lab.change(secrets={**SECRETS, "vpn_psk": "Psk-Renewed-9"}, probes=(fails,))
    assert lab.simulator.run(lambda: lab.router.running.tunnel(1)["ipsec ike pre-shared-key 1"]) == key
    assert lab.simulator.run(lambda: lab.router.restarts) == 1


def test_a_session_that_is_dropped_in_the_middle_leads_back(lab):
    before = lab.running()
    part = replaced(cpe(), flows=tuple(flow for flow in cpe().plan.flows if flow.id != "ping.cpe"), routes=())
    dropped = [False]
    apply = lab.router.apply

    def drop_once(line: str, tunnel: int) -> None:
        apply(line, tunnel)
        if "secure filter" in line and not dropped[0]:
            dropped[0] = True
            lab.simulator.drop_sessions()

    lab.router.apply = drop_once
    with pytest.raises(RevertedError) as reverted:
        lab.change(part=part)
    assert (dropped, reverted.value.code) == ([True], "GW402")
    assert lab.running() == lab.startup() == before


# ------------------------------------------------------------------ it is not begun
def test_a_line_that_another_administrator_types_after_we_looked_is_refused_too(lab):
    session = lab.session()
    PLATFORM.prepare(session)
    PLATFORM.observe(session, lab.part)
    lab.type("snmp sysname theirs")
    before = lab.running()
    with pytest.raises(DeviceError) as refused:
        PLATFORM.transaction().arm(session, 600)
    session.close()
    assert (refused.value.code, refused.value.value) == ("GW413", "unsaved changes")
    assert lab.running() == before


def test_a_restart_that_somebody_else_has_scheduled_is_refused(lab):
    lab.type("schedule at 5 +900 * restart")
    with pytest.raises(DeviceError) as refused:
        lab.change(part=with_another_route())
    assert (refused.value.code, refused.value.value) == ("GW413", "schedule at 5 +900 * restart")


def test_a_wrong_administrator_password_is_named_without_it(lab):
    lab.simulator.run(lambda: lab.router.running.take("administrator password Another-1", 0))
    session = lab.session()
    with pytest.raises(DeviceError) as refused:
        PLATFORM.prepare(session)
    session.close()
    assert refused.value.facts[:3] == ("GW404", "cpe.administrator", "password refused")


# ------------------------------------------------------------------ secrets
def test_renewed_passwords_reach_account_and_administrator(make_lab):
    lab = make_lab(FACTORY)
    lab.change()
    renewed = {**SECRETS, "cpe_password": "Cpe-Renewed-9"}
    login = lab.simulator.login(SECRETS["cpe_password"])
    request = replace(lab.request(secrets=renewed), later=replace(login, password="Cpe-Renewed-9"))
    assert change_device(request, lab.record).ending is Ending.CONFIRMED
    lines = lab.simulator.run(lambda: set(lab.router.startup.lines.values()))
    assert {"administrator password Cpe-Renewed-9", "login user gwops Cpe-Renewed-9"} <= lines


def test_a_saved_timer_would_restart_at_every_boot_which_is_why_keep_takes_it_away_first(make_lab):
    lab = make_lab(speed=600.0)
    lab.type("schedule at 9 +300 * restart")
    lab.simulator.run(lab.router.save)
    assert wait_until(lambda: lab.simulator.run(lambda: lab.router.restarts) >= 2)


def test_closing_a_session_answers_no_question_about_saving(lab):
    lab.type("snmp sysname theirs")
    session = lab.session()
    PLATFORM.prepare(session)
    session.close()
    assert "theirs" not in lab.startup()


def test_the_undo_timer_is_cut_to_the_longest_that_the_router_takes(lab):
    session = lab.session()
    PLATFORM.prepare(session)
    PLATFORM.transaction().arm(session, 7200)
    session.close()
    assert "schedule at 9 +3600 * restart\n" in lab.running()
    assert PLATFORM.transaction().wait_for_timer_s(7200) == 3600 + 180


def test_the_lab_is_where_the_plan_lets_the_staging_controller_in_from():
    assert STAGING in {network.network_address for network in meaning_of(cpe()).management}
    assert PACE.login_s < PACE.back_s
