"""The shell of the simulated FortiGate: what it takes, what it refuses and in which words, when it saves."""

from __future__ import annotations

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.fortios import PLATFORM, REFUSALS
from gatekit.simulators.fortios import Model, words
from tests.unit.gatekit.simulators.fortios.box import delivered, firewall, planned, refused, shown, typed

PLAN = firewall()
POLICY = ("config firewall policy", "edit 5")
REFUSED = {
    "an unknown word at the top": (("frobnicate",), "Unknown action 0"),
    "a setting at the top": (("set hostname x",), "Unknown action 0"),
    "an unknown table": (("config firewall polciy",), "command parse error before 'polciy'"),
    "an unknown key": ((*POLICY, "set frobnicate 1"), "command parse error before 'frobnicate'"),
    "an unknown choice": ((*POLICY, "set action perhaps"), "command parse error before 'perhaps'"),
    "a number that is none": ((*POLICY, "set tcp-mss-sender many"), "value parse error before 'many'"),
    "an object that is not there": ((*POLICY, 'set srcaddr "nobody"'), "entry not found in datasource"),
    "a setting without a value": ((*POLICY, "set action"), "incomplete command"),
    "an open quote": ((*POLICY, 'set name "open'), "token line: Unmatched double quote."),
    "a name too long": ((*POLICY, f"set name {'n' * 36}"), "node_check_object fail! for name"),
    "a key that is no number": (("config firewall policy", "edit five"), "value parse error before 'five'"),
    "a policy without ends": ((*POLICY, "next"), "node_check_object fail! for srcintf"),
    "an entry that is not there": (("config firewall policy", "delete 4711"), "entry not found in table"),
    "a port without a domain": (
        ("config system interface", 'edit "port9"', "next"),
        "node_check_object fail! for vdom",
    ),
    "an address under DHCP": (
        ("config system interface", "edit port1", "set ip 10.0.0.1/24"),
        "command parse error before 'ip'",
    ),
    "an address that is none": (
        ("config firewall address", "edit x", "set subnet 10.0.0.999/24"),
        "value parse error before '10.0.0.999/24'",
    ),
    "a list's line among settings": (("config system dns", "edit 1"), "Unknown action 0"),
    "a setting in a list": (("config firewall policy", "set action accept"), "Unknown action 0"),
    "a key too short": (
        ("config vpn ipsec phase1-interface", "edit x", "set psksecret five5"),
        "value parse error before 'five5'",
    ),
    "a port in two zones": (
        ("config system zone", "edit A", "set interface port2", "next", "edit B", "set interface port2", "next"),
        "Return code -5",
    ),
    "a port with policies in a zone": (
        ("config system zone", "edit A", "set interface port3", "next"),
        "Return code -5",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_box_does_not_take_is_refused_in_its_words_and_known_to_be_a_refusal(name: str):
    lines, said = REFUSED[name]
    answer = refused(delivered(PLAN), *lines)
    assert said in answer
    assert REFUSALS.found_in(answer)


def test_every_refusal_in_the_words_is_known_to_be_one():
    texts = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)]
    refusals = [text for text in texts if "Command fail" in text or "Unknown action" in text or "Unmatched" in text]
    assert len(refusals) > 8
    assert all(REFUSALS.found_in(text) for text in refusals)
    told = (words.CONFIG_SAVED, words.NOTHING_TO_SAVE, words.RELOADED, words.NEW_ENTRY, words.STATUS, words.HEADER)
    assert not any(REFUSALS.found_in(text) for text in told)


def test_no_line_of_a_whole_configuration_looks_like_a_refusal():
    assert REFUSALS.found_in(planned(PLAN).running_text()) is None


@pytest.mark.parametrize(
    ("table", "mark"),
    [
        ("firewall address", "gw-10.161.4.20/32"),
        ("firewall service custom", "gw-tcp-443"),
        ("system zone", "DMZ"),
        ("vpn ipsec phase1-interface", "dc-main"),
    ],
)
def test_an_entry_that_others_use_is_not_deleted(table: str, mark: str):
    answer = refused(planned(PLAN), f"config {table}", f'delete "{mark}"')
    assert answer.endswith("Command fail. Return code -23\n")


def test_a_machine_without_a_licence_takes_three_entries():
    box = delivered(PLAN, model=Model(capacity=3))
    one_more = ("edit a", "set subnet 10.0.0.0/8", "next")
    answer = refused(box, "config firewall address", *one_more, "edit b")
    assert "Return code -4" in answer


def test_lines_are_shown_in_the_boxes_own_order_and_without_defaults():
    box = delivered(PLAN)
    typed(
        box,
        "config router static",
        "edit 7",
        "set device port2",
        "set distance 10",
        "set dst 10.9.0.0/16",
        "next",
        "end",
    )
    assert '    edit 7\n        set device "port2"\n        set dst 10.9.0.0 255.255.0.0\n    next\n' in shown(box)


def test_the_order_of_policies_is_the_lists_and_move_changes_it():
    box = planned(PLAN)
    keys = list(box.running.table("firewall policy").entries)
    typed(box, "config firewall policy", f"move {keys[3]} before {keys[1]}", f"move {keys[0]} after {keys[-1]}", "end")
    assert list(box.running.table("firewall policy").entries) == [keys[3], *keys[1:3], *keys[4:], keys[0]]


def test_abort_leaves_an_entry_as_it_was():
    box = planned(PLAN)
    before = shown(box)
    typed(box, "config system interface", "edit port3", "set allowaccess https", "abort")
    assert shown(box) == before


def test_a_tunnel_brings_its_interface_and_takes_it_away():
    box = delivered(PLAN)
    peer = ("set interface port1", "set remote-gw 203.0.113.77", "set proposal aes256-sha256", "set psksecret sixsix")
    typed(box, "config vpn ipsec phase1-interface", "edit t", *peer, "next", "end")
    assert "t" in box.running.table("system interface").entries
    typed(box, "config vpn ipsec phase1-interface", "delete t", "end")
    assert "t" not in box.running.table("system interface").entries


# ---------------------------------------------------------------- saving
def host_name(box) -> str:
    return box.running.value("system global", "hostname")


def named(box, name: str) -> None:
    typed(box, "config system global", f"set hostname {name}", "end")


def test_the_box_saves_by_itself_at_the_last_end():
    box = delivered(PLAN)
    named(box, "saved")
    box.boot()
    assert host_name(box) == "saved"


@pytest.mark.parametrize("mode", ["manual", "revert"])
def test_with_another_save_mode_a_power_cut_brings_the_saved_state_back(mode: str):
    box = delivered(PLAN)
    typed(box, "config system global", f"set cfg-save {mode}", "end")
    named(box, "unsaved")
    box.power_cycle(2.0)
    assert not box.powered
    box.clock.advance(3.0)
    assert box.powered
    assert host_name(box) == "FortiGate-91G"


def test_the_timer_restarts_the_box_with_what_was_saved():
    box = delivered(PLAN)
    typed(box, "config system global", "set cfg-revert-timeout 60", "set cfg-save revert", "end")
    named(box, "unsaved")
    box.clock.advance(59.0)
    assert host_name(box) == "unsaved"
    box.clock.advance(2.0)
    assert not box.powered
    box.clock.advance(words.REBOOT_S)
    assert (host_name(box), box.restarts) == ("FortiGate-91G", 1)


def test_what_was_saved_in_time_stays_and_costs_no_restart():
    box = delivered(PLAN)
    typed(box, "config system global", "set cfg-revert-timeout 60", "set cfg-save revert", "end")
    named(box, "kept")
    assert box.save()
    assert not box.save()
    box.clock.advance(1000.0)
    assert (host_name(box), box.restarts) == ("kept", 0)


# ---------------------------------------------------------------- who gets in
def test_the_carton_lets_everybody_in_and_the_plan_only_whom_it_names():
    box = delivered(PLAN)
    engineer, printer = box.client_address, box.client_address - 100
    assert box.allows_login_from(engineer)
    assert box.allows_login_from(printer)
    box = planned(PLAN)
    assert box.allows_login_from(engineer)
    assert not box.allows_login_from(printer)


@pytest.mark.parametrize(
    "lines",
    [
        ("config system interface", "edit port2", "set allowaccess ping", "next", "end"),
        ("config system interface", "edit port2", "set ip 10.161.4.253/24", "next", "end"),
        ("config system admin", "edit gwops", "unset trusthost2", "next", "end"),
        ("config firewall address", 'edit "gw-10.161.4.250/32"', "set subnet 10.161.4.251/32", "next", "end"),
    ],
)
def test_each_of_these_lines_shuts_us_out(lines: tuple[str, ...]):
    box = planned(PLAN)
    assert box.allows_login_from(box.client_address)
    typed(box, *lines)
    assert not box.allows_login_from(box.client_address)


def test_support_comes_through_the_tunnel_only_as_long_as_all_three_say_so():
    box = planned(PLAN)
    support = box.client_address.__class__("10.200.9.50")
    assert box.allows_login_from(support)
    policies = box.running.table("firewall policy").entries
    mine = next(key for key, one in policies.items() if one.settings["name"] == ("support.firewall.self",))
    typed(box, "config firewall policy", f"delete {mine}", "end")
    assert not box.allows_login_from(support)


def test_secrets_are_shown_encrypted_and_another_way_each_time():
    box = planned(PLAN)
    first, second = box.running_text(), box.running_text()
    assert first != second
    assert first.count(" ENC ") == 3
    assert PLATFORM.meaning(shown(box), PLAN) == meaning_of(PLAN)
