"""Change sets against a simulated box without sockets: forward, inverse, nothing twice, nothing of others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Touch
from gatekit.devices.fortios import PLATFORM
from gatekit.devices.fortios.differences import _moves
from gatekit.plan.network_device import CryptoSuite, FirewallPlan
from gatekit.simulators.fortios import FortiGate
from gatekit.simulators.fortios.configuration import Shell, tokens
from tests.sites import PATTERNS
from tests.unit.gatekit.simulators.fortios.box import (
    SECRETS,
    delivered,
    firewall,
    observed,
    planned,
    revealed,
    shown,
    typed,
    without_uuids,
)

NOBODY: frozenset[str] = frozenset()


def changes(box: FortiGate, plan: FirewallPlan, renewed: frozenset[str] = NOBODY) -> ChangeSet:
    return PLATFORM.change_set(observed(box), plan, renewed_secrets=renewed)


def policy(number: int, name: str, **more: str) -> tuple[str, ...]:
    lines = {
        "srcintf": '"TRUST"',
        "dstintf": '"DMZ"',
        "action": "accept",
        "srcaddr": '"all"',
        "dstaddr": '"all"',
        "schedule": '"always"',
        "service": '"ALL"',
        **more,
    }
    body = (f"set name {name}", *(f"set {key} {value}" for key, value in lines.items()))
    return ("config firewall policy", f"edit {number}", *body, "next", "end")


def edited(table: str, key: str, *lines: str) -> tuple[str, ...]:
    return (f"config {table}", f'edit "{key}"', *lines, "next", "end")


def first_of(box: FortiGate, table: str, mark: str) -> str:
    entries = box.running.table(table).entries.items()
    return next(key for key, one in entries if (mark,) in one.settings.values())


def turned_round(box: FortiGate) -> None:
    """Policies in the opposite order."""
    keys = list(box.running.table("firewall policy").entries)
    for key in keys[1:]:
        typed(box, "config firewall policy", f"move {key} before {keys[0]}", "end")
        keys.insert(0, key)


def under_another_number(box: FortiGate) -> None:
    """Somebody deleted a policy of ours and typed it again: a name can be there once only."""
    mine = first_of(box, "firewall policy", "link.emr")
    typed(box, "config firewall policy", f"delete {mine}", "end", *policy(8, "link.emr"))


def in_a_foreign_zone(box: FortiGate) -> None:
    """Somebody pulled TRUST's port into a zone of their own, and our policies with it."""
    mine = first_of(box, "firewall policy", "link.emr")
    typed(box, *edited("system zone", "TRUST", "unset interface"))
    typed(box, *edited("system zone", "LAN", "set interface port3"))
    typed(box, "config firewall policy", f"edit {mine}", 'set dstintf "LAN"', "next", "end")


def on_a_bare_port(box: FortiGate) -> None:
    """Somebody took TRUST's port out of its zone and laid our policy on the port itself."""
    mine = first_of(box, "firewall policy", "link.emr")
    typed(box, *edited("system zone", "TRUST", "unset interface"))
    typed(box, "config firewall policy", f"edit {mine}", 'set dstintf "port3"', "next", "end")


DRIFT: dict[str, Callable[[FortiGate], None]] = {
    "a policy more": lambda box: typed(box, *policy(7, "theirs")),
    "a policy of the same name": under_another_number,
    "a policy less": lambda box: typed(
        box, "config firewall policy", f"delete {first_of(box, 'firewall policy', 'link.emr')}", "end"
    ),
    "a policy opened": lambda box: typed(
        box,
        "config firewall policy",
        f"edit {first_of(box, 'firewall policy', 'link.emr')}",
        'set srcaddr "all"',
        "set nat enable",
        "unset logtraffic",
        "next",
        "end",
    ),
    "the other order": turned_round,
    "a route more": lambda box: typed(
        box, "config router static", "edit 3", "set dst 10.99.0.0/16", 'set device "port3"', "next", "end"
    ),
    "a policy route": lambda box: typed(
        box, "config router policy", "edit 1", "set gateway 192.168.10.1", "next", "end"
    ),
    "a local-in policy more": lambda box: typed(
        box,
        "config firewall local-in-policy",
        "edit 9",
        'set intf "any"',
        'set srcaddr "all"',
        'set dstaddr "all"',
        "set action accept",
        'set service "SSH"',
        'set schedule "always"',
        "next",
        "move 9 before " + next(iter(box.running.table("firewall local-in-policy").entries)),
        "end",
    ),
    "an address changed": lambda box: typed(
        box, *edited("firewall address", "gw-10.161.4.20/32", "set subnet 10.161.4.0/24")
    ),
    "an address of ours more": lambda box: typed(
        box, *edited("firewall address", "gw-10.99.0.0/16", "set subnet 10.99.0.0/16")
    ),
    "a zone of their own": in_a_foreign_zone,
    "a policy on a bare port": on_a_bare_port,
    "a weaker offer": lambda box: typed(
        box, *edited("vpn ipsec phase1-interface", "dc-main", "set proposal aes128-sha1", "set dhgrp 5 14")
    ),
    "an interface opened": lambda box: typed(
        box, *edited("system interface", "port3", "set allowaccess ping https ssh telnet")
    ),
    "a second address": lambda box: typed(
        box,
        *edited(
            "system interface",
            "port3",
            "set secondary-IP enable",
            "config secondaryip",
            "edit 1",
            "set ip 192.168.99.1/24",
            "set allowaccess ssh",
            "next",
            "end",
        ),
    ),
    "an account opened": lambda box: typed(
        box, *edited("system admin", "gwops", "unset trusthost1", 'set ssh-public-key1 "ssh-ed25519 AAAA"')
    ),
    "another time server": lambda box: typed(
        box, "config system ntp", "config ntpserver", "edit 2", "set server 10.9.9.9", "next", "end", "end"
    ),
    "a second log server": lambda box: typed(
        box, "config log syslogd2 setting", "set status enable", "set server 10.9.9.9", "end"
    ),
    "no MTU": lambda box: typed(box, *edited("system interface", "dc-main", "unset mtu-override", "unset mtu")),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_box_from_the_carton_becomes_what_the_plan_says_and_a_second_run_has_nothing_to_do(name: str):
    plan = firewall(name)
    box = delivered(plan)
    typed(box, *map(revealed, changes(box, plan).forward))
    assert PLATFORM.meaning(shown(box), plan) == meaning_of(plan)
    assert changes(box, plan) == ChangeSet()


@pytest.mark.parametrize("name", PATTERNS)
def test_the_inverse_gives_back_what_was_there(name: str):
    plan = firewall(name)
    box = delivered(plan)
    before = shown(box)
    change = changes(box, plan)
    typed(box, *map(revealed, change.forward))
    typed(box, *map(revealed, change.inverse))
    assert without_uuids(shown(box)) == without_uuids(before)


@pytest.mark.parametrize("name", DRIFT)
def test_whatever_somebody_did_in_our_tables_is_put_right_and_can_be_taken_back(name: str):
    plan = firewall()
    box = planned(plan)
    DRIFT[name](box)
    before = shown(box)
    change = changes(box, plan)
    assert change.forward
    assert change.diff
    assert change.touches
    typed(box, *map(revealed, change.forward))
    assert PLATFORM.meaning(shown(box), plan) == meaning_of(plan)
    assert changes(box, plan) == ChangeSet()
    typed(box, *map(revealed, change.inverse))
    assert without_uuids(shown(box)) == without_uuids(before)


def test_vpn_4_another_crypto_level_is_negotiated_in_both_phases_after_the_change():
    plan = firewall()
    box = planned(plan)
    base = CryptoSuite(level="BASE", encryption="aes256-cbc", integrity="sha256", prf="sha256", dh_group=14)
    assert plan.tunnel is not None
    other = plan.model_copy(update={"tunnel": plan.tunnel.model_copy(update={"suite": base})})
    change = changes(box, other)
    typed(box, *change.forward)
    assert PLATFORM.meaning(shown(box), other) == meaning_of(other)
    assert change.touches == {Touch.TUNNEL}
    assert change.interrupts
    assert not [line for line in change.forward if "psksecret" in line]


def test_a_tunnel_that_nobody_planned_goes_with_all_that_refers_to_it():
    plan = firewall()
    box = planned(plan)
    peer = ("set interface port1", "set remote-gw 203.0.113.77", "set proposal aes128-sha1", "set psksecret another-1")
    typed(box, *edited("vpn ipsec phase1-interface", "theirs", *peer))
    selectors = ("set phase1name theirs", "set proposal aes128-sha1")
    typed(box, *edited("vpn ipsec phase2-interface", "theirs-p2", *selectors))
    typed(box, *policy(7, "into-theirs", dstintf='"theirs"'))
    typed(box, "config router static", "edit 3", "set dst 10.99.0.0/16", 'set device "theirs"', "next", "end")
    change = changes(box, plan)
    typed(box, *map(revealed, change.forward))
    assert changes(box, plan) == ChangeSet()
    assert Touch.TUNNEL in change.touches
    assert change.interrupts
    assert "another-1" not in repr(change)


def test_a_removal_is_a_delete_and_never_an_empty_edit():
    plan = firewall()
    box = planned(plan)
    typed(box, *policy(7, "theirs"))
    assert changes(box, plan).forward == ("config firewall policy", "delete 7", "end")


def test_what_is_not_ours_is_left_alone():
    plan = firewall()
    box = planned(plan)
    for lines in (
        edited("system interface", "port4", "set ip 10.255.2.1/24", "set allowaccess ping https"),
        edited("system interface", "port3", 'set alias "to the L3 switch"', "set role lan"),
        edited("firewall address", "theirs", "set subnet 10.88.0.0/16"),
        edited("firewall service custom", "theirs", "set tcp-portrange 1000-2000"),
        edited("system admin", "nurse", 'set accprofile "prof_admin"', "set password another-2"),
        ("config system global", "set admin-sport 8443", "end"),
        ("config log setting", "set resolve-ip enable", "end"),
    ):
        typed(box, *lines)
    assert changes(box, plan) == ChangeSet()


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_secret_is_sent_only_when_it_was_renewed(secret: str):
    plan = firewall()
    box = planned(plan)
    change = changes(box, plan, frozenset({secret}))
    lines = [line for line in change.forward if line.startswith("set ")]
    assert len(lines) == 1
    assert lines[0].endswith(f'"<secret {secret}>"')
    assert change.inverse == ()


def test_what_is_only_added_interrupts_nobody_and_what_is_changed_does():
    plan = firewall()
    box = planned(plan)
    emr = first_of(box, "firewall policy", "link.emr")
    typed(box, "config firewall policy", f"delete {emr}", "end")
    assert not changes(box, plan).interrupts
    typed(box, *policy(7, "theirs"))
    assert changes(box, plan).interrupts


def test_our_own_way_in_is_written_before_the_last_policy_refuses_the_rest():
    plan = firewall()
    box = delivered(plan)
    shell = Shell(lambda: box.running, box.applied, None)
    for line in changes(box, plan).forward:
        shell.obey(tokens(revealed(line)))
        assert box.allows_login_from(box.client_address), line


def test_the_diff_shows_no_secret_and_no_order_that_does_not_matter():
    plan = firewall()
    box = planned(plan)
    emr = first_of(box, "firewall policy", "dns.appliance")
    sources = '"gw-10.161.4.30/32" "gw-10.161.4.20/32" "gw-10.161.4.10/32" "gw-10.161.4.5/32"'
    typed(box, "config firewall policy", f"edit {emr}", f"set srcaddr {sources}", "next", "end")
    assert changes(box, plan) == ChangeSet()
    change = changes(delivered(plan), plan)
    assert "<secret" not in change.diff
    assert 'psksecret "<hidden>"' in change.diff


@given(st.permutations(range(7)), st.permutations(range(7)))
def test_moves_lead_from_any_order_to_any_other(now: list[int], wanted: list[int]):
    order, target = [str(one) for one in now], [str(one) for one in wanted]
    moves = list(_moves(order, target))
    for line in moves:
        _, key, where, other = line.split()
        order.remove(key)
        order.insert(order.index(other) + (where == "after"), key)
    assert order == target
    assert len(moves) <= len(target) - 1
    assert bool(moves) == (now != wanted)
