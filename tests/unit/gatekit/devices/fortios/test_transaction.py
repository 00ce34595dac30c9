"""Changes on a simulated FortiGate through netmiko and a real SSH port: kept on evidence, or gone by a restart."""

from __future__ import annotations

import threading
import time

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import Ending, Outcome, ProbeResult
from gatekit.devices.change.record import Pending
from gatekit.devices.change.request import RevertedError
from gatekit.devices.fortios import PLATFORM
from gatekit.devices.fortios.dialogue import PROMPT, ask, leave_contexts, read_tables, save_mode
from gatekit.devices.fortios.known import TABLES
from gatekit.errors import DeviceError
from gatekit.plan.network_device import FirewallPlan
from gatekit.simulators.fortios import Model
from tests.unit.gatekit.devices.fortios.conftest import SHORT_S, Lab, MakeLab
from tests.unit.gatekit.simulators.fortios.box import SECRETS, delivered, firewall

pytestmark = pytest.mark.peer
FAILED = ProbeResult(name="portal", passed=False, found="no answer")


def without_flow(plan: FirewallPlan, flow_id: str) -> FirewallPlan:
    return plan.model_copy(update={"flows": tuple(flow for flow in plan.flows if flow.id != flow_id)})


def until_powered(lab: Lab, limit_s: float = 10.0) -> None:
    ends = time.monotonic() + limit_s
    while not lab.simulator.run(lambda: lab.box.powered):
        assert time.monotonic() < ends
        time.sleep(0.02)


def until(check, limit_s: float = 10.0) -> None:
    ends = time.monotonic() + limit_s
    while not check():
        assert time.monotonic() < ends
        time.sleep(0.02)


def secretless(*texts: object) -> None:
    for text in texts:
        for value in SECRETS.values():
            assert value not in str(text)
            assert value not in repr(text)


# ---------------------------------------------------------------- kept
def test_a_box_from_the_carton_is_set_up_and_keeps_it_through_a_power_cut(make_lab: MakeLab):
    lab = make_lab(make_box=delivered)
    outcome = lab.change()
    assert outcome.ending is Ending.CONFIRMED
    assert lab.value("system global", "cfg-save") == "automatic"
    lab.simulator.power_cycle()
    until_powered(lab)
    assert PLATFORM.meaning(lab.shown(), lab.plan) == meaning_of(lab.plan)
    secretless(outcome, lab.said)


def test_a_second_run_changes_nothing_and_predicts_nothing(lab: Lab):
    before = lab.shown()
    assert lab.change(check=True).ending is Ending.UNCHANGED
    assert lab.change().ending is Ending.UNCHANGED
    assert lab.shown() == before


def test_check_mode_predicts_and_sends_nothing(lab: Lab):
    before = lab.shown()
    outcome = lab.change(without_flow(lab.plan, "link.emr"), check=True)
    assert outcome.ending is Ending.PREDICTED
    assert outcome.change_set.forward
    assert lab.shown() == before
    assert lab.value("system global", "cfg-save") == "automatic"


def test_the_administrators_own_revert_timeout_is_put_back(lab: Lab):
    lab.typed("config system global", "set cfg-revert-timeout 1234", "end")
    assert lab.change(without_flow(lab.plan, "link.emr")).ending is Ending.CONFIRMED
    assert lab.value("system global", "cfg-revert-timeout") == "1234"


def test_a_renewed_key_is_sent_and_shows_nowhere(lab: Lab):
    assert lab.change().ending is Ending.UNCHANGED
    renewed = {**SECRETS, "vpn_psk": "A-new-key-that-nobody-may-see-9"}
    outcome = lab.change(secrets=renewed)
    assert outcome.ending is Ending.CONFIRMED
    phase_1 = lab.simulator.run(lambda: lab.box.running.table("vpn ipsec phase1-interface").entries["dc-main"])
    assert phase_1.settings["psksecret"] == (renewed["vpn_psk"],)
    assert renewed["vpn_psk"] not in repr(outcome) + repr(lab.said) + outcome.change_set.diff
    assert lab.change(secrets=renewed).ending is Ending.UNCHANGED


# ---------------------------------------------------------------- gone
def test_a_change_that_the_evidence_is_against_goes_by_a_restart(lab: Lab):
    before = lab.shown()
    with pytest.raises(RevertedError) as reverted:
        lab.change(without_flow(lab.plan, "link.emr"), probes=(lambda: FAILED,))
    assert reverted.value.code == "GW429"
    assert reverted.value.outcome.ending is Ending.REVERTED
    assert lab.shown() == before
    assert lab.value("system global", "cfg-save") == "automatic"


def test_a_run_after_a_dead_controller_waits_for_the_timer_and_goes_on(lab: Lab):
    session = lab.session()
    observed = PLATFORM.observe(session, lab.plan)
    other = without_flow(lab.plan, "link.emr")
    transaction = PLATFORM.transaction()
    lab.record.begin(Pending(undo_after_s=SHORT_S, fingerprint_before=observed.fingerprint))
    transaction.arm(session, SHORT_S)
    transaction.push(session, PLATFORM.change_set(observed, other, renewed_secrets=frozenset()))
    session.close()  # the controller is dead, and starts anew
    assert lab.change_when_back().ending is Ending.UNCHANGED
    assert lab.simulator.run(lambda: lab.box.restarts) == 1
    assert any("waits for its undo" in line for line in lab.said)


def test_a_first_line_that_is_refused_costs_no_restart(make_lab: MakeLab):
    lab = make_lab(model=Model(capacity=3))  # a machine without a licence takes three entries a table
    flow = next(flow for flow in lab.plan.flows if flow.id == "link.emr")
    more = flow.model_copy(update={"ports": (2599,)})
    with pytest.raises(RevertedError) as reverted:
        lab.change(lab.plan.model_copy(update={"flows": (*lab.plan.flows, more.model_copy(update={"id": "x"}))}))
    assert reverted.value.code == "GW422"
    assert lab.value("system global", "cfg-save") == "automatic"
    assert lab.simulator.run(lambda: lab.box.restarts) == 0


def test_sessions_that_drop_in_mid_push_leave_the_box_as_it_was(lab: Lab):
    before = lab.shown()
    cut = threading.Event()

    def drop_once(line: str) -> None:
        if line.startswith("delete ") and not cut.is_set():
            cut.set()
            lab.simulator.drop_sessions()

    lab.box.on_line = drop_once
    with pytest.raises(RevertedError):
        lab.change(without_flow(lab.plan, "link.emr"))
    assert cut.is_set()
    assert lab.shown() == before


def test_a_box_that_saved_the_switch_itself_is_led_back_to_saving(make_lab: MakeLab):
    lab = make_lab(model=Model(switch_is_saved=True))
    before = lab.shown()
    with pytest.raises(RevertedError):
        lab.change(without_flow(lab.plan, "link.emr"), probes=(lambda: FAILED,))
    assert lab.shown() == before
    assert lab.value("system global", "cfg-save") == "automatic"


# ---------------------------------------------------------------- others
@pytest.mark.parametrize("mode", ["revert", "manual"])
def test_a_second_administrators_unsaved_change_is_left_alone(lab: Lab, mode: str):
    lab.typed("config system global", "set cfg-revert-timeout 100000", f"set cfg-save {mode}", "end")
    before = lab.shown()
    with pytest.raises(DeviceError) as refused:
        lab.change(without_flow(lab.plan, "link.emr"))
    assert refused.value.code == "GW413"
    assert mode in str(refused.value.value)
    assert lab.shown() == before


def test_arming_over_somebody_elses_timer_is_refused(lab: Lab):
    session = lab.session()
    lab.typed("config system global", "set cfg-revert-timeout 100000", "set cfg-save revert", "end")
    with pytest.raises(DeviceError) as refused:
        PLATFORM.transaction().arm(session, 300)
    assert refused.value.code == "GW413"


# ---------------------------------------------------------------- the line and the box
def test_slow_and_chunked_output_is_read_right(make_lab: MakeLab):
    lab = make_lab(chunk_bytes=97, delay_s=0.0005)
    observed = PLATFORM.observe(lab.session(), lab.plan)
    assert PLATFORM.meaning(observed.running, lab.plan) == meaning_of(lab.plan)


def test_two_reads_of_one_state_are_equal_although_secrets_and_header_change(lab: Lab):
    session = lab.session()
    raw = [ask(session, "show | grep .") for _ in range(2)]
    assert raw[0] != raw[1]
    assert raw[0].startswith("#config-version=")
    first, second = (PLATFORM.observe(session, lab.plan) for _ in range(2))
    assert first == second
    assert first.running.count("<hidden>") == 2 + 1  # the key, our password, another admin's
    assert (first.version, first.model) == ("7.4.7", "FortiGate-91G")
    assert first.startup is None
    assert first.open_edit is None


def test_nothing_is_written_by_logging_in_and_out(lab: Lab):
    session = lab.session()
    PLATFORM.observe(session, lab.plan)
    session.close()
    assert lab.simulator.run(lambda: lab.box.console_writes) == 0
    assert lab.value("system console", "output") == "more"


def test_a_hardened_key_exchange_is_used(lab: Lab):
    transport = lab.session().connection.remote_conn_pre.get_transport()
    assert "group" not in type(transport.kex_engine).__name__.lower()  # none of the driver's SHA-1 groups


def test_a_login_banner_is_accepted(make_lab: MakeLab):
    lab = make_lab(model=Model(banner=True))
    assert PLATFORM.observe(lab.session(), lab.plan).open_edit is None


def test_virtual_domains_are_refused(make_lab: MakeLab):
    lab = make_lab(model=Model(virtual_domains="multiple"))
    with pytest.raises(DeviceError) as refused:
        lab.session()
    assert refused.value.facts[:3] == ("GW430", "firewall.virtual_domains", "multiple")


def test_a_new_host_name_does_not_confuse_the_dialogue(lab: Lab):
    outcome: Outcome = lab.change(lab.plan.model_copy(update={"host_name": "fw-other-name"}))
    assert outcome.ending is Ending.CONFIRMED
    assert lab.box.host_name == "fw-other-name"


def test_the_pager_is_left_on_and_does_not_stop_us(lab: Lab):
    session = lab.session()
    paged = session.ask("show firewall policy", expect="--More-- ")
    assert paged.count("\n") < 30
    session.ask("q", expect=PROMPT)
    assert read_tables(session, ("firewall policy",)).count("    edit ") == len(
        lab.box.running.table("firewall policy").entries
    )


def test_a_refused_line_with_a_secret_is_not_shown_although_the_box_echoes_it(lab: Lab):
    session = lab.session()
    for line in ("config vpn ipsec phase1-interface", 'edit "dc-main"'):
        ask(session, line)
    with pytest.raises(DeviceError) as refused:
        ask(session, "set psksecret <secret vpn_psk> more")  # one word too many
    assert refused.value.code == "GW422"
    secretless(refused.value, refused.value.facts)
    leave_contexts(session)
    assert save_mode(session) == ("automatic", 600)


def test_leaving_a_nested_place_applies_nothing(lab: Lab):
    before = lab.shown()
    session = lab.session()
    for line in ("config system ntp", "config ntpserver", "edit 1", "set server 10.9.9.9"):
        ask(session, line)
    leave_contexts(session)
    assert lab.shown() == before


def test_reading_takes_every_table_of_ours_and_no_more_than_a_few_seconds(lab: Lab):
    session = lab.session()
    started = time.monotonic()
    text = read_tables(session, TABLES)
    assert time.monotonic() - started < 10
    assert PLATFORM.meaning(text, lab.plan) == meaning_of(firewall())
