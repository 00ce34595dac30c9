"""Each way a change can end, on a small box behind a real SSH port, through netmiko."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gatekit.devices.change.engine import change_device
from gatekit.devices.change.model import Ending, ProbeResult
from gatekit.devices.change.record import Pending
from gatekit.devices.change.request import BY_VENDOR, CONSENT, EDITED, MOVED, OURS, UNFINISHED, UNSAVED, RevertedError
from gatekit.devices.change.way_back import BY_HAND, BY_TIMER, DIFFERENT
from gatekit.errors import DeviceError, IntentError
from tests.unit.gatekit.devices.change.box import PASSWORD, PSK, STARTUP, BoxPlatform
from tests.unit.gatekit.devices.change.conftest import PACE, SECRETS

pytestmark = pytest.mark.peer
WANTED = {"route": "10.161.4.0/24", "psk": "<secret vpn_psk>", "ntp": "10.200.9.10"}
BECAME = {**STARTUP, "route": "10.161.4.0/24", "psk": PSK, "ntp": "10.200.9.10"}
CUT = {"ntp": "10.200.9.10", "allow": "192.168.0.0/24"}
timers = pytest.mark.parametrize("timed", [True, False], ids=["with a timer", "without a timer"])


def passes() -> ProbeResult:
    return ProbeResult(name="portal", passed=True, found="accepted")


def fails() -> ProbeResult:
    return ProbeResult(name="dicom", passed=False, found="no_answer")


def configured(lab) -> list[str]:
    """Return every line that was more than a question."""
    return [line for line in lab.lines() if line.split(": ")[1].split() and "show" not in line]


# ------------------------------------------------------------------ it stays
@timers
def test_a_change_that_is_proven_is_kept_and_survives_a_loss_of_power(lab, timed):
    outcome = lab.change(BoxPlatform(WANTED, timed=timed), probes=(passes,))
    assert (outcome.ending, outcome.probes) == (Ending.CONFIRMED, (passes(),))
    assert lab.running() == lab.startup() == BECAME
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.running() == BECAME
    assert set(outcome.seconds) == {
        *("observe", "arm", "push", "activate", "log in again", "probe", "keep", "look again"),
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


# ------------------------------------------------------------------ it is not begun
def test_a_change_that_interrupts_needs_consent(lab):
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, interrupts=True))
    assert refused.value.facts == ("GW408", "box-k", "interrupts routes", CONSENT)
    assert configured(lab) == []
    assert lab.change(BoxPlatform(WANTED, interrupts=True), interruption_allowed=True).ending is Ending.CONFIRMED


def test_a_second_admins_open_edit_is_refused_and_left_alone(lab):
    lab.box.editor = "suzuki"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.facts == ("GW413", "box-k", "suzuki is editing", EDITED)
    assert configured(lab) == []


def test_an_edit_that_begins_after_we_looked_is_refused_and_left_alone(lab):
    def begin(line: str) -> None:
        if line == "show startup":
            lab.box.editor = "suzuki"

    lab.box.on_line = begin
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert (refused.value.code, refused.value.value) == ("GW413", "suzuki is editing")
    assert configured(lab) == []
    assert lab.record.read().pending is None


@timers
def test_what_somebody_left_unsaved_is_not_saved_by_us(lab, timed):
    lab.box.running["theirs"] = "1"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, timed=timed))
    assert refused.value.facts == ("GW413", "box-k", "unsaved changes", UNSAVED)


def test_a_device_that_moved_since_the_plan_is_refused(lab):
    platform = BoxPlatform(WANTED)
    seen = lab.change(platform, check=True).before.fingerprint
    assert lab.change(BoxPlatform({"other": "1"}), seen=seen).ending is Ending.CONFIRMED
    with pytest.raises(DeviceError) as refused:
        lab.change(platform, seen=seen)
    assert (refused.value.code, refused.value.fix) == ("GW428", MOVED)


def test_a_missing_secret_is_named_before_anybody_logs_in(lab):
    with pytest.raises(IntentError) as refused:
        lab.change(BoxPlatform(WANTED), secrets={})
    assert refused.value.facts == ("GW107", "vault.vpn_psk", "missing", "Put vpn_psk into the vault.")
    assert lab.lines() == []


def test_a_wrong_password_is_gw401(lab):
    request = replace(lab.request(BoxPlatform(WANTED)), login=lab.simulator.login("wrong"))
    with pytest.raises(DeviceError) as refused:
        change_device(request, lab.record)
    assert refused.value.code == "GW401"


def test_another_host_key_is_gw416(lab, make_lab):
    mine, theirs = lab.simulator.known_hosts, make_lab().simulator.known_hosts
    mine.write_text(" ".join([mine.read_text().split()[0], *theirs.read_text().split()[1:]]) + "\n")
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW416"


def test_an_unknown_host_key_is_gw416(lab):
    lab.simulator.known_hosts.write_text("")
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW416"


def test_a_device_without_power_is_gw402(lab):
    lab.simulator.power_cycle(10_000)
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED))
    assert refused.value.code == "GW402"


# ------------------------------------------------------------------ it is taken back
def reverted(lab, platform: BoxPlatform, **conditions) -> RevertedError:
    with pytest.raises(RevertedError) as back:
        lab.change(platform, **conditions)
    assert lab.running() == lab.startup() == STARTUP
    assert back.value.outcome.ending is Ending.REVERTED
    assert back.value.outcome.after.fingerprint == back.value.outcome.before.fingerprint
    assert lab.simulator.run(lambda: lab.box.timer) is None
    assert lab.record.read().pending is None
    assert lab.record.read().confirmed == ()
    return back.value


@timers
def test_a_line_refused_in_the_middle_leaves_the_device_as_it_was(lab, timed):
    error = reverted(lab, BoxPlatform({"ntp": "1", "refuse": "2", "route": "3"}, timed=timed))
    assert error.facts[:3] == ("GW422", "box-k.line", "set refuse 2: % refused: set refuse 2")
    assert not [line for line in lab.lines() if ": set route" in line]


@timers
def test_a_refused_line_that_bears_a_secret_is_named_without_it(lab, timed):
    error = reverted(lab, BoxPlatform({"ntp": "1", "refuse": "<secret vpn_psk>"}, timed=timed))
    assert error.facts[:3] == ("GW422", "box-k.line", "set refuse <secret vpn_psk>")


@timers
def test_probes_that_fail_take_the_change_back_and_are_named(lab, timed):
    error = reverted(lab, BoxPlatform(WANTED, timed=timed), probes=(passes, fails))
    assert error.facts[:3] == ("GW429", "box-k.probes", "dicom: no_answer")
    assert error.outcome.probes == (passes(), fails())


def test_a_line_that_was_swallowed_is_evidence_against_the_change(lab):
    lab.box.on_line = lambda _: lab.box.running.pop("ntp", None)
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2"}))
    assert error.facts[:3] == (
        "GW429",
        "box-k.configuration",
        "1 lines are missing or too many, the first: set ntp 1",
    )


def test_a_timer_that_fires_while_probing_is_noticed(lab):
    def slow() -> ProbeResult:
        lab.simulator.run(lab.box.timer.fire)
        return passes()

    error = reverted(lab, BoxPlatform(WANTED), probes=(slow,))
    assert (error.code, error.path) == ("GW429", "box-k.configuration")


def test_a_timer_that_fires_in_mid_push_leaves_no_half_of_the_change(lab):
    def fire(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.timer.fire()

    lab.box.on_line = fire
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2", "log": "3"}))
    assert error.facts[:2] == ("GW429", "box-k.configuration")


def test_evidence_that_takes_longer_than_the_timer_is_not_used(lab):
    lab.box.clock.speed = 0.01  # the device's own timer would fire far too late
    error = reverted(lab, BoxPlatform(WANTED), undo_after_s=1, probes=(lambda: time.sleep(1) or passes(),))
    assert error.facts[:3] == ("GW429", "box-k", "the evidence came too late for the timer")


def test_a_full_disk_when_saving_takes_the_change_back(lab):
    lab.box.disk_full = True
    error = reverted(lab, BoxPlatform(WANTED, timed=False))
    assert error.facts[:3] == ("GW422", "box-k.line", "save: % no room")


def test_twenty_changes_that_cut_their_own_management_come_back_by_themselves(make_lab):
    labs = [make_lab(150.0) for _ in range(20)]  # 600 s of the device are 4 of ours

    def cut(number: int) -> tuple[str, bool]:
        lab = labs[number]
        lab.record = type(lab.record)(lab.folder / str(number), "box-k", "key")
        with pytest.raises(RevertedError) as back:
            lab.change(BoxPlatform(CUT), pace=replace(PACE, login_s=15.0, back_s=15.0))
        return back.value.code, lab.running() == lab.startup() == STARTUP

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(cut, range(20)))
    assert [came_back for _, came_back in found] == [True] * 20
    assert {code for code, _ in found} <= {"GW402", "GW429"}


def test_without_a_timer_a_renewed_secret_needs_consent_because_the_old_one_is_not_known(lab):
    platform = BoxPlatform(WANTED, timed=False)
    lab.change(platform)
    renewed = {"vpn_psk": "another-key"}
    with pytest.raises(DeviceError) as refused:
        lab.change(platform, secrets=renewed)
    assert refused.value.facts == ("GW408", "box-k", "replaces a secret that only a restart brings back", CONSENT)
    with pytest.raises(DeviceError) as lost:
        lab.change(platform, secrets=renewed, interruption_allowed=True, probes=(fails,))
    assert (lost.value.code, lost.value.fix) == ("GW426", BY_HAND)
    assert lost.value.value.startswith("the replaced secret is not known here")
    assert lab.startup()["psk"] == PSK
    assert not [line for line in lab.lines() if "<hidden>" in line]
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.change(platform, secrets=renewed, interruption_allowed=True).ending is Ending.CONFIRMED


@timers
def test_a_session_that_dies_in_mid_push_is_taken_back_by_a_new_one(lab, timed):
    def die(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.simulator.drop_sessions()

    lab.box.on_line = die
    started = time.monotonic()
    error = reverted(lab, BoxPlatform({"ntp": "1", "route": "2", "log": "3"}, timed=timed))
    assert error.code == "GW402"
    assert time.monotonic() - started < 5  # noticed at once, neither netmiko's nor the device's timer was waited for


@timers
def test_power_lost_in_mid_push_leaves_the_saved_state(lab, timed):
    def lose(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.power_cycle(10.0)

    lab.box.on_line = lose
    assert reverted(lab, BoxPlatform({"ntp": "1", "route": "2"}, timed=timed)).code == "GW402"


@timers
def test_a_device_that_does_not_come_back_is_lost_for_now_and_found_again_by_the_next_run(lab, timed):
    def lose(line: str) -> None:
        if line.startswith("set route"):
            lab.box.on_line = lambda _: None
            lab.box.power_cycle(1e9)

    lab.box.on_line = lose
    platform = BoxPlatform(WANTED, timed=timed)
    with pytest.raises(DeviceError) as lost:
        lab.change(platform)
    assert lost.value.facts[:2] == ("GW426", "box-k.undo")
    assert lost.value.value.startswith("does not answer")
    assert lost.value.fix == (BY_TIMER if timed else BY_HAND)
    assert lab.record.read().pending is not None
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.change(platform).ending is Ending.CONFIRMED


def test_without_a_timer_a_box_that_locked_us_out_comes_back_by_its_power_switch(lab):
    with pytest.raises(DeviceError) as lost:
        lab.change(BoxPlatform(CUT, timed=False))
    assert (lost.value.code, lost.value.fix) == ("GW426", BY_HAND)
    lab.simulator.power_cycle(1.0)
    time.sleep(0.2)
    assert lab.running() == STARTUP


@timers
def test_a_key_pressed_at_the_keyboard_takes_the_change_back(lab, timed):
    def press(line: str) -> None:
        lab.said.append(line)
        if line.endswith(": probe"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change_device(lab.request(BoxPlatform(WANTED, timed=timed)), lab.record, press)
    assert lab.running() == lab.startup() == STARTUP
    assert lab.record.read().pending is None


def test_what_a_platform_leaves_unfinished_names_our_own_change(lab):
    lab.change(BoxPlatform({"ntp": "1"}))
    lab.record.begin(pending())
    lab.box.running["route"] = "2"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED, timed=False))
    assert refused.value.facts == ("GW413", "box-k", "unsaved changes", UNFINISHED)


def pending(ago_s: float = 0.0):
    return Pending(began_at=time.time() - ago_s, undo_after_s=600, fingerprint_before="0")


def test_an_edit_long_after_our_own_change_is_not_waited_for(lab):
    lab.record.begin(pending(ago_s=3600.0))
    lab.box.editor = "suzuki"
    with pytest.raises(DeviceError) as refused:
        lab.change(BoxPlatform(WANTED), pace=replace(PACE, retry_s=60.0))
    assert refused.value.facts == ("GW413", "box-k", "suzuki is editing", OURS)


# ------------------------------------------------------------------ nothing is shown
class FaultyPlatform(BoxPlatform):
    """Its library quotes what was sent, as libraries do."""

    def transaction(self):
        transaction = super().transaction()

        def push(session, change_set):
            raise RuntimeError(f"could not send {PSK} as {PASSWORD}")

        transaction.push = push
        return transaction


def test_a_fault_of_ours_takes_the_change_back_and_quotes_no_secret(lab):
    error = reverted(lab, FaultyPlatform(WANTED))
    assert error.facts[:3] == (
        "GW410",
        "box-k",
        "RuntimeError: could not send <secret vpn_psk> as <secret login_password>",
    )


class StubbornPlatform(BoxPlatform):
    """Says that it went back, and did not."""

    def transaction(self):
        transaction = super().transaction()
        transaction.undo = lambda *_: None
        return transaction


@timers
def test_a_device_that_only_says_that_it_went_back_is_not_believed(lab, timed):
    with pytest.raises(DeviceError) as lost:
        lab.change(StubbornPlatform({"ntp": "1"}, timed=timed), probes=(fails,), pace=replace(PACE, back_s=0.5))
    assert not isinstance(lost.value, RevertedError)
    assert lost.value.facts == (
        "GW426",
        "box-k.undo",
        "answers, and is not as it was before; the change had failed: box-k.probes: dicom: no_answer [GW429]",
        DIFFERENT,
    )
    assert lab.record.read().pending is not None


class UnreadablePlatform(BoxPlatform):
    def observe(self, *_):
        raise ValueError(f"cannot read {PSK}")


def test_a_fault_of_ours_before_the_change_quotes_no_secret_either(lab):
    with pytest.raises(DeviceError) as fault:
        lab.change(UnreadablePlatform(WANTED))
    assert fault.value.facts[:3] == ("GW410", "box-k", "ValueError: cannot read <secret vpn_psk>")


@pytest.mark.parametrize(
    ("platform", "probes"),
    [
        (BoxPlatform(WANTED), (passes,)),
        (BoxPlatform(WANTED), (fails,)),
        (BoxPlatform({**WANTED, "refuse": "<secret vpn_psk>"}), ()),
        (BoxPlatform({**WANTED, "refuse": "<secret vpn_psk>"}, timed=False), ()),
        (FaultyPlatform(WANTED), ()),
    ],
    ids=["kept", "not proven", "refused", "refused without a timer", "our own fault"],
)
def test_no_secret_is_in_any_text_we_hand_on(lab, caplog, capfd, platform, probes):
    caplog.set_level("DEBUG")
    request = lab.request(platform, probes=probes)
    try:
        outcome = change_device(request, lab.record, lab.said.append)
        texts = [repr(outcome), outcome.model_dump_json()]
    except RevertedError as error:
        texts = [str(error), repr(error), repr(error.facts), error.outcome.model_dump_json()]
    shown = capfd.readouterr()
    texts += [repr(request), *lab.said, lab.record.path.read_text(), caplog.text, shown.out, shown.err]
    for secret in (*SECRETS.values(), PASSWORD, "fingerprint-key-of-the-vault"):
        assert [text for text in texts if secret in text] == []
