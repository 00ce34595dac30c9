"""Forward leads to the plan, back to what was; on the router's own store, without a session."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Touch
from gatekit.devices.yamaha_rtx import PLATFORM
from gatekit.plan.network_device import Route
from gatekit.simulators.yamaha_rtx import load
from gatekit.simulators.yamaha_rtx.configuration import Configuration
from tests.unit.gatekit.devices.yamaha_rtx.conftest import configured, cpe, observed, replaced, with_secrets

NOTHING = frozenset[str]()
THEIRS = (
    "snmp sysname theirs",
    "login user suzuki Word-9",
    "user attribute suzuki connection=serial",
    "sshd host key generate *",
    "description lan1 to-firewall",
)


def changes(router: Configuration, part, renewed: frozenset[str] = NOTHING) -> ChangeSet:
    return PLATFORM.change_set(observed(router), part, renewed_secrets=renewed)


def sent(router: Configuration, lines: tuple[str, ...]) -> Configuration:
    after = router.copy()
    load(after, "\n".join(lines), reveal=with_secrets)
    return after


def router_with(*lines: str) -> Configuration:
    router = Configuration()
    load(router, "\n".join(lines))
    return router


@pytest.mark.parametrize("name", ["pattern1", "pattern2", "pattern3"])
def test_a_router_from_the_factory_becomes_the_plan(name):
    part = cpe(name)
    factory = router_with(
        "ip lan1 address 192.168.100.1/24",
        "telnetd host lan",
        "dhcp service server",
        "dhcp server rfc2131 compliant except remain-silent",
        "dhcp scope 1 192.168.100.2-192.168.100.191/24",
        "dns host lan1",
        "login user gwops Old-1",
        "sshd service on",
    )
    change = changes(factory, part)
    after = sent(factory, change.forward)
    assert PLATFORM.meaning(after.text(), part) == meaning_of(part)
    assert changes(after, part).empty
    assert not {line for line in after.text().splitlines() if line.startswith(("dhcp", "dns host", "telnetd host"))}
    restored = sent(after, change.inverse)
    restored.take("login user gwops Old-1", 0)  # what no line can bring back
    restored.take("no administrator password", 0)
    assert restored == factory


def test_the_console_speaks_english_from_the_first_line_on():
    assert changes(router_with(), cpe()).forward[0] == "console character en.ascii"


@pytest.mark.parametrize("name", ["pattern2", "pattern3"])
def test_one_hospitals_router_becomes_anothers_and_the_lines_back_restore_it(name):
    before = configured(cpe("pattern1"))
    change = changes(before, cpe(name))
    after = sent(before, change.forward)
    assert PLATFORM.meaning(after.text(), cpe(name)) == meaning_of(cpe(name))
    assert sent(after, change.inverse) == before
    assert (change.interrupts, Touch.TUNNEL in change.touches, Touch.MANAGEMENT in change.touches) == (True, True, True)


def test_a_second_run_has_nothing_to_do():
    change = changes(configured(cpe()), cpe())
    assert change == ChangeSet()


def test_what_is_too_much_in_our_sections_goes_and_theirs_stays():
    before = configured(cpe())
    load(before, "\n".join(THEIRS))
    extra = (
        "ip route 10.99.0.0/16 gateway 10.161.252.6",
        "ip filter 5 pass * * * * *",
        "ip lan3 secure filter in 5",
        "schedule at 4 */* 02:00 * ntpdate 10.1.1.1",
        "ipv6 lan3 address auto",
        "tunnel select 2",
        "ipsec tunnel 102",
        "ipsec ike pre-shared-key 2 text Foreign-1",
        "tunnel enable 2",
        "tunnel select none",
    )
    after = sent(sent(before, extra), changes(sent(before, extra), cpe()).forward)
    assert after == before


def test_our_own_account_only():
    router = configured(cpe())
    router.take("user attribute suzuki connection=ssh", 0)
    assert changes(router, cpe()).empty


def test_a_secret_is_sent_only_when_it_was_renewed():
    router = configured(cpe())
    assert changes(router, cpe(), frozenset({"vpn_psk"})).forward == (
        "tunnel select 1",
        "ipsec ike pre-shared-key 1 text <secret vpn_psk>",
        "tunnel select none",
    )
    assert changes(router, cpe(), frozenset({"cpe_password"})).forward == (
        "administrator password <secret cpe_password>",
        "login user gwops <secret cpe_password>",
    )


def test_people_see_that_a_secret_changes_and_not_what_it_is():
    change = changes(configured(cpe()), cpe(), frozenset({"vpn_psk"}))
    assert [line for line in change.diff.splitlines() if line[0] in "+-" and line[:3] not in {"+++", "---"}] == [
        "-tunnel 1: ipsec ike pre-shared-key 1 <hidden>",
        "+tunnel 1: ipsec ike pre-shared-key 1 text <secret vpn_psk>",
    ]


def test_a_changed_route_is_one_line_and_stops_nothing_else():
    part = cpe()
    moved = replaced(part, routes=(Route(network=part.plan.dmz, via=IPv4Address("10.161.252.7")),))
    change = changes(configured(part), moved)
    assert (change.forward, change.inverse) == (
        ("ip route 10.161.1.0/24 gateway 10.161.252.7",),
        ("ip route 10.161.1.0/24 gateway 10.161.252.6",),
    )
    assert (change.touches, change.interrupts) == (frozenset({Touch.ROUTES}), False)


def test_a_changed_filter_is_defined_then_bound_and_the_old_one_goes_last():
    part = cpe()
    flows = [
        flow.model_copy(update={"source": flow.source.model_copy(update={"networks": (IPv4Network("10.200.9.7/32"),)})})
        if flow.id == "ping.cpe"
        else flow
        for flow in part.plan.flows
    ]
    kinds = [line.split(" secure")[0] for line in changes(configured(part), replaced(part, flows=tuple(flows))).forward]
    assert [" ".join(kind.split()[:2]) for kind in kinds] == [
        "ip filter",
        "tunnel select",
        "ip tunnel",
        "tunnel select",
        "no ip",
    ]


def test_a_router_under_a_japanese_console_has_the_same_differences():
    router = configured(cpe())
    router.take("console character ja.utf8", 0)
    assert changes(router, cpe()).forward == ("console character en.ascii",)
