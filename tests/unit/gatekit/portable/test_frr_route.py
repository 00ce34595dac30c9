"""Our one route on FRR: captures of FRR 10.3, and a small FRR that keeps state and has the real one's traps."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from gatekit.portable import confirmed_states
from gatekit.portable.commands import Outcome
from gatekit.portable.errors import NodeError
from gatekit.portable.frr_route import (
    Entry,
    Observed,
    WantedRoute,
    apply,
    configuration_lines,
    observe,
    plan,
    plan_state,
    remember,
    routing_table,
)

CAPTURES = Path(__file__).parent / "frr_captures"
OURS = WantedRoute(IPv4Network("10.161.4.0/24"), IPv4Address("10.97.13.5"))
HOSPITAL = ("ip route 172.20.0.0/16 10.97.14.9", "ip route 10.161.9.0/24 10.97.14.8 250")
CONNECTED = tuple(Entry(IPv4Network(text), "connected", True, (name,)) for text, name in (
    ("10.97.13.0/24", "eth0"), ("10.97.14.0/24", "eth1"),
))  # fmt: skip


def capture(name: str) -> str:
    return (CAPTURES / f"{name}.txt").read_text()


def observed(name: str) -> Observed:
    saved = configuration_lines(capture("saved_foreign"))
    return Observed(configuration_lines(capture(f"running_{name}")), saved, routing_table(capture(f"rib_{name}")))


class SmallFrr:
    """Keeps running and saved lines; answers as FRR 10.3 did when it was captured."""

    def __init__(self, saved_file: Path, *, installs: bool = True, saves: bool = True) -> None:
        self.saved_file, self.installs, self.saves = saved_file, installs, saves
        self.lines = list(HOSPITAL)
        self.saved_file.write_text("\n".join(self.lines) + "\n")
        self.sent: list[str] = []

    def __call__(self, *commands: str) -> Outcome:
        match commands:
            case ("show running-config",):
                body = "\n".join(self.lines)
                return Outcome(0, f"Building configuration...\n\nCurrent configuration:\n!\n{body}\n!\nend\n", "")
            case ("show ip route json",):
                return Outcome(0, json.dumps(self._rib()), "")
            case ("write memory",):
                self.sent.append("write memory")
                if self.saves:
                    self.saved_file.write_text("\n".join(self.lines) + "\n")
                    return Outcome(0, capture("write_memory"), "")
                return Outcome(0, "Building Configuration...\nCan't open configuration file\n", "")
            case ("configure terminal", line):
                self.sent.append(line)
                return self._configure(line)
        raise AssertionError(commands)

    def _configure(self, line: str) -> Outcome:
        if line.startswith("no "):
            if line[3:] not in self.lines:
                return Outcome(0, capture("remove_absent"), "")
            self.lines.remove(line[3:])
        else:
            self.lines.append(line)
        return Outcome(0, "", "")

    def _rib(self) -> dict[str, list[dict[str, object]]]:
        table = {
            str(entry.network): [
                {"prefix": str(entry.network), "protocol": "connected", "installed": True, "nexthops": []}
            ]
            for entry in CONNECTED
        }
        for line in self.lines:
            network, via = line.split()[2:4]
            hop = {"ip": via, "active": self.installs}
            row = {"prefix": network, "protocol": "static", "installed": self.installs, "nexthops": [hop]}
            table[network] = [row]
        return table


# ---------------------------------------------------------------- captures
def test_only_decided_lines_of_the_running_configuration_are_read() -> None:
    assert configuration_lines(capture("running_foreign")) == (
        "ip route 172.20.0.0/16 10.97.14.9",
        "ip route 10.161.9.0/24 10.97.14.8 250",
        "interface eth1",
        " description HIS servers",
        "exit",
    )


def test_what_frr_saves_reads_like_what_it_runs() -> None:
    for name in ("foreign", "ours"):
        assert configuration_lines(capture(f"saved_{name}")) == configuration_lines(capture(f"running_{name}"))


def test_the_routing_table_is_read_without_the_switchs_own_addresses() -> None:
    assert [entry for entry in routing_table(capture("rib_ours")) if entry.protocol == "static"] == [
        Entry(IPv4Network("10.161.4.0/24"), "static", True, ("10.97.13.5",)),
        Entry(IPv4Network("10.161.9.0/24"), "static", True, ("10.97.14.8",)),
        Entry(IPv4Network("172.20.0.0/16"), "static", True, ("10.97.14.9",)),
    ]
    assert {entry.network for entry in routing_table(capture("rib_ours")) if entry.protocol == "connected"} == {
        IPv4Network("10.97.13.0/24"),
        IPv4Network("10.97.14.0/24"),
    }


def test_what_is_not_frrs_json_is_refused() -> None:
    with pytest.raises(NodeError) as caught:
        routing_table("% zebra is not running")
    fix = "Look whether zebra runs: systemctl status frr."
    assert caught.value.facts == ("GW410", "frr.show ip route json", "% zebra is not running", fix)


def test_nw_4_on_a_captured_switch_exactly_our_line_is_added() -> None:
    change = plan(observed("foreign"), OURS, present=True)
    assert change.forward == ("ip route 10.161.4.0/24 10.97.13.5",)
    assert change.inverse == ("no ip route 10.161.4.0/24 10.97.13.5",)


def test_nw_4_a_captured_second_next_hop_for_our_network_is_refused() -> None:
    with pytest.raises(NodeError) as caught:
        plan(observed("others"), OURS, present=True)
    fix = "Ask the network vendor what it is for; we change no route but ours."
    assert caught.value.facts == ("GW421", "frr.10.161.4.0/24", "ip route 10.161.4.0/24 10.97.13.7", fix)


# ---------------------------------------------------------------- deciding
def state(*, running: tuple[str, ...] = HOSPITAL, saved: tuple[str, ...] | None = None, rib: tuple[Entry, ...] = ()):
    return Observed(running, running if saved is None else saved, (*CONNECTED, *rib))


def test_a_route_that_runs_and_is_saved_is_no_change() -> None:
    rib = (Entry(OURS.network, "static", True, ("10.97.13.5",)),)
    change = plan(state(running=(*HOSPITAL, OURS.line), rib=rib), OURS, present=True)
    assert not change.changed
    assert change.forward == ()


def test_a_route_that_runs_unsaved_is_saved_without_being_sent_again() -> None:
    change = plan(state(running=(*HOSPITAL, OURS.line), saved=HOSPITAL), OURS, present=True)
    assert change.changed
    assert change.forward == ()
    assert change.after == {"running": OURS.line, "saved": OURS.line}


def test_absent_when_already_absent_is_no_change() -> None:
    assert not plan(state(), OURS, present=False).changed


def test_removal_leaves_a_route_of_others_for_our_network_alone() -> None:
    other = "ip route 10.161.4.0/24 10.97.14.77"
    change = plan(state(running=(*HOSPITAL, OURS.line, other)), OURS, present=False)
    assert change.forward == (f"no {OURS.line}",)
    assert change.inverse == (OURS.line,)


ASK_WHAT = "Ask the network vendor what it is for; we change no route but ours."
ASK_WHY = "Ask the network vendor why the switch already has a way there."
SAVE = "Have the network vendor save or undo it (write memory), then run again."


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        pytest.param(
            state(running=(*HOSPITAL, "ip route 10.161.4.0/24 10.97.14.77")),
            ("GW421", "frr.10.161.4.0/24", "ip route 10.161.4.0/24 10.97.14.77", ASK_WHAT),
            id="another-next-hop",
        ),
        pytest.param(
            state(running=(*HOSPITAL, "ip route 10.161.4.0/24 999.1.1.1")),
            ("GW421", "frr.10.161.4.0/24", "ip route 10.161.4.0/24 999.1.1.1", ASK_WHAT),
            id="a-mistyped-next-hop-that-frr-took-for-an-interface",
        ),
        pytest.param(
            state(running=(*HOSPITAL, "ip route 10.161.4.128/25 Null0")),
            ("GW421", "frr.10.161.4.0/24", "ip route 10.161.4.128/25 Null0", ASK_WHAT),
            id="a-more-specific-route",
        ),
        pytest.param(
            state(rib=(Entry(IPv4Network("10.161.4.0/25"), "ospf", True, ("10.97.14.1",)),)),
            ("GW421", "frr.10.161.4.0/24", "10.161.4.0/25 via 10.97.14.1 (ospf)", ASK_WHY),
            id="a-learnt-route",
        ),
        pytest.param(
            state(rib=(Entry(IPv4Network("10.160.0.0/12"), "connected", True, ("eth2",)),)),
            (
                "GW425",
                "frr.10.161.4.0/24",
                "connected: 10.160.0.0/12",
                "Give the DMZ a network the hospital does not use (NW-2).",
            ),
            id="the-dmz-lies-in-a-hospital-network",
        ),
        pytest.param(
            Observed(HOSPITAL, HOSPITAL, CONNECTED[1:]),
            (
                "GW425",
                "frr.10.161.4.0/24.via",
                "10.97.13.5",
                "Connect the switch to the firewall's TRUST network; it has 10.97.14.0/24.",
            ),
            id="not-connected-to-trust",
        ),
        pytest.param(
            state(running=(*HOSPITAL, "ip route 172.21.0.0/16 10.97.14.9"), saved=(*HOSPITAL, "router ospf")),
            ("GW413", "frr.unsaved", "+ ip route 172.21.0.0/16 10.97.14.9; - router ospf", SAVE),
            id="somebodys-unsaved-change",
        ),
    ],
)
def test_nw_4_the_route_is_refused_with_the_reason(found: Observed, facts: tuple[str, str, object, str]) -> None:
    with pytest.raises(NodeError) as caught:
        plan(found, OURS, present=True)
    assert caught.value.facts == facts


def test_routes_beside_ours_and_the_default_route_are_no_obstacle() -> None:
    lines = (
        *HOSPITAL,
        "ip route 0.0.0.0/0 10.97.14.1",
        "ip route 10.160.0.0/12 10.97.14.1",
        " ip route 10.161.4.0/24 x",
    )
    assert plan(state(running=lines), OURS, present=True).forward == (OURS.line,)


# ---------------------------------------------------------------- acting
def test_nw_4_added_saved_and_removed_again_the_switch_is_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "frr.conf"
    frr = SmallFrr(file)
    before = file.read_text()
    for present in (True, False):
        change = plan(observe(frr, str(file)), OURS, present=present)
        apply(change, frr, str(file))
        assert (OURS.line in file.read_text()) is present
        assert not plan(observe(frr, str(file)), OURS, present=present).changed
    assert file.read_text() == before
    assert frr.sent == [OURS.line, "write memory", f"no {OURS.line}", "write memory"]


def test_a_route_that_does_not_get_installed_is_taken_back_and_never_saved(tmp_path: Path) -> None:
    file = tmp_path / "frr.conf"
    frr = SmallFrr(file, installs=False)
    change = plan(observe(frr, str(file)), OURS, present=True)
    with pytest.raises(NodeError) as caught:
        apply(change, frr, str(file), wait_s=0)
    assert caught.value.code == "GW420"
    assert frr.sent == [OURS.line, f"no {OURS.line}"]
    assert tuple(frr.lines) == HOSPITAL


def test_a_save_that_did_not_reach_the_disk_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "frr.conf"
    frr = SmallFrr(file, saves=False)
    with pytest.raises(NodeError) as caught:
        apply(plan(observe(frr, str(file)), OURS, present=True), frr, str(file))
    assert caught.value.code == "GW418"


def test_a_refusal_that_ends_with_0_is_still_a_refusal(tmp_path: Path) -> None:
    file = tmp_path / "frr.conf"
    frr = SmallFrr(file)
    frr.lines.append(OURS.line)
    change = plan(observe(frr, str(file)), OURS, present=False)
    frr.lines.remove(OURS.line)  # somebody was quicker
    with pytest.raises(NodeError) as caught:
        apply(change, frr, str(file))
    said = "no ip route 10.161.4.0/24 10.97.13.5: % Refusing to remove a non-existent route"
    fix = "Nothing was saved; compare the line with the switch's release."
    assert caught.value.facts == ("GW422", "frr.vtysh", said, fix)


def test_a_switch_without_frr_running_is_named_so(tmp_path: Path) -> None:
    def silent(*_: str) -> Outcome:
        return Outcome(1, "", "Exiting: failed to connect to any daemons.")

    with pytest.raises(NodeError) as caught:
        observe(silent, str(tmp_path / "frr.conf"))
    fix = "Look whether FRR runs: systemctl status frr."
    assert caught.value.facts == ("GW402", "frr.vtysh", "Exiting: failed to connect to any daemons.", fix)


# ---------------------------------------------------------------- states that were confirmed
LATER = WantedRoute(IPv4Network("10.162.4.0/24"), IPv4Address("10.97.13.5"))


@pytest.fixture
def confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Observed:
    """Give a switch with the later of two routes that were confirmed on it."""
    monkeypatch.setattr(confirmed_states, "_DIRECTORY", tmp_path / "confirmed")
    empty = Observed(HOSPITAL, HOSPITAL, CONNECTED)
    for route in (OURS, LATER):
        remember(plan(empty, route, present=True))
    return Observed((*HOSPITAL, LATER.line), (*HOSPITAL, LATER.line), CONNECTED)


def test_the_state_before_takes_the_later_route_away_and_brings_its_own(confirmed: Observed) -> None:
    changes = plan_state(confirmed, LATER, "earlier")
    assert [change.forward for change in changes] == [(f"no {LATER.line}",), (OURS.line,)]
    assert [change.interrupts for change in changes] == [True, False]


def test_the_last_confirmed_state_is_one_change_and_none_where_it_stands(confirmed: Observed) -> None:
    (whole,) = plan_state(confirmed, OURS, "confirmed")
    assert not whole.changed
    (missing,) = plan_state(Observed(HOSPITAL, (*HOSPITAL, LATER.line), CONNECTED), OURS, "confirmed")
    assert missing.forward == (LATER.line,)


def test_another_next_hop_that_was_confirmed_before_is_no_foreign_route(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmed_states, "_DIRECTORY", tmp_path / "confirmed")
    other = WantedRoute(OURS.network, IPv4Address("10.97.13.6"))
    empty = Observed(HOSPITAL, HOSPITAL, CONNECTED)
    for route in (OURS, other):
        remember(plan(empty, route, present=True))
    rib = (*CONNECTED, Entry(other.network, "static", True, (str(other.via),)))
    found = Observed((*HOSPITAL, other.line), (*HOSPITAL, other.line), rib)
    assert [change.forward for change in plan_state(found, other, "earlier")] == [(f"no {other.line}",), (OURS.line,)]


def test_a_switch_that_never_confirmed_anything_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmed_states, "_DIRECTORY", tmp_path / "confirmed")
    with pytest.raises(NodeError) as caught:
        plan_state(Observed(HOSPITAL, HOSPITAL, CONNECTED), OURS, "earlier")
    assert caught.value.code == "GW407"
