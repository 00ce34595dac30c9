"""NW-4: our route and nothing else, and only where it is right."""

from __future__ import annotations

import pytest

from gatekit.devices.alaxala_ax import PLATFORM
from gatekit.devices.alaxala_ax.reading import settled
from gatekit.devices.change.meaning import meaning_of
from gatekit.devices.change.model import ChangeSet, Observed, Touch
from gatekit.devices.change.switch_route import refuse_learnt
from gatekit.errors import DeviceError
from gatekit.simulators.alaxala_ax import words
from tests.unit.gatekit.simulators.alaxala_ax.switches import HOSPITALS, OURS, SECRET, configuration, plan


def observed(text: str) -> Observed:
    running = settled(text)
    return Observed(running=running, startup=running, fingerprint="", open_edit=None, version="", model="")


def changes(text: str) -> ChangeSet:
    return PLATFORM.change_set(observed(text), plan(), renewed_secrets=frozenset())


def shown(extra: str = "") -> str:
    return configuration(extra).text()


def test_nw_4_the_missing_line_is_added_and_nothing_else() -> None:
    assert changes(shown()) == ChangeSet(
        forward=(OURS,), inverse=(f"no {OURS}",), touches=frozenset({Touch.ROUTES}), diff=f"+{OURS}"
    )


def test_nw_4_a_line_that_is_there_is_left_alone() -> None:
    assert changes(shown(OURS)) == ChangeSet()


def test_nw_4_removal_takes_our_line_only() -> None:
    found = PLATFORM.removal(observed(shown(OURS)), plan())
    assert (found.forward, found.inverse, found.interrupts) == ((f"no {OURS}",), (OURS,), True)
    assert PLATFORM.removal(observed(shown()), plan()) == ChangeSet()


def test_what_is_rendered_means_what_is_planned() -> None:
    assert PLATFORM.meaning(PLATFORM.render(plan()), plan()) == meaning_of(plan())


def test_what_the_switch_shows_means_what_is_planned() -> None:
    assert PLATFORM.meaning(settled(shown(OURS)), plan()) == meaning_of(plan())


REFUSED = {
    "another next hop": ("ip route 10.161.4.0 255.255.255.0 192.168.10.6", "GW421", "l3_switch.route"),
    "the same with a distance": (f"{OURS} 200", "GW421", "l3_switch.route"),
    "a more specific route": ("ip route 10.161.4.128 255.255.255.128 192.168.10.5", "GW421", "l3_switch.route"),
    "a host route": ("ip route 10.161.4.20 255.255.255.255 192.168.20.9", "GW421", "l3_switch.route"),
    "our network is theirs": (
        "interface vlan 30\n  ip address 10.161.4.1 255.255.255.0",
        "GW425",
        "l3_switch.connected",
    ),
    "ours lies in theirs": ("interface vlan 30\n  ip address 10.161.0.1 255.255.0.0", "GW425", "l3_switch.connected"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nw_4_where_the_line_would_be_wrong_nothing_is_sent(name: str) -> None:
    extra, code, path = REFUSED[name]
    with pytest.raises(DeviceError) as refused:
        changes(shown(extra))
    assert refused.value.facts[:2] == (code, path)


@pytest.mark.parametrize(
    "change", ["no ip address 192.168.10.1 255.255.255.0", "shutdown", "ip address 192.168.11.1 255.255.255.0"]
)
def test_nw_4_a_next_hop_on_no_network_of_the_switch_is_refused(change: str) -> None:
    box = configuration()
    box.take(change, "interface vlan 10")
    with pytest.raises(DeviceError) as refused:
        changes(box.text())
    assert refused.value.facts[:3] == ("GW425", "l3_switch.next_hop", "192.168.10.5")


def test_less_specific_routes_and_the_default_are_the_hospitals_own() -> None:
    assert changes(shown("ip route 10.0.0.0 255.0.0.0 192.168.20.9")).forward == (OURS,)


def test_secrets_and_the_header_are_not_observed() -> None:
    text = settled(f"#Last modified by test at Fri Jan 21 01:32:51 2000 with version 11.14.S\n{shown()}")
    assert text.startswith('hostname "ax3640-hosp"\n')
    assert (SECRET in HOSPITALS, SECRET in text) == (True, False)


def test_nw_4_a_learnt_way_into_our_network_is_refused() -> None:
    """The form of the table is unverified: a real capture replaces it here and in the simulator's words."""
    table = words.ROUTES.format(
        total=3,
        rows="".join(
            words.ROUTE.format(network=network, hop="192.168.20.7", interface="VLAN0020", protocol=protocol)
            for network, protocol in (
                ("10.161.4.0/24", "Static"),
                ("10.99.0.0/16", "OSPF"),
                ("10.161.4.128/25", "OSPF"),
            )
        ),
    )
    assert [str(one.network) for one in PLATFORM.reading.learnt(table)] == ["10.99.0.0/16", "10.161.4.128/25"]
    with pytest.raises(DeviceError) as refused:
        refuse_learnt(PLATFORM.reading.learnt(table), plan())
    assert refused.value.facts[:2] == ("GW421", "l3_switch.route")
