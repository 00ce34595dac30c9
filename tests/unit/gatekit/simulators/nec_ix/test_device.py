"""The simulated IX by itself: what it shows, folds, refuses, asks and forgets (vendor reference 4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import paramiko
import pytest

from gatekit.simulators import Simulator
from gatekit.simulators.nec_ix import words
from tests.unit.gatekit.simulators.client import Ask, asking, read_until, shell
from tests.unit.gatekit.simulators.nec_ix.boxes import CONTROLLER, PASSWORD, PSK, settled_box

pytestmark = pytest.mark.peer
EXEC, CONFIG = "cpe-minami-a# ", "cpe-minami-a(config)# "


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(settled_box()) as one:
        yield one


@pytest.fixture
def ask(simulator: Simulator) -> Iterator[Ask]:
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        yield asking(channel, CONFIG)


def test_only_configuration_mode_knows_screen_and_configuration(ask: Ask) -> None:
    assert ask("terminal length 0", EXEC) == "% terminal -- Invalid command."
    assert ask("show running-config", EXEC) == "% show -- Invalid command."
    assert ask("enable-config") == "Enter configuration commands, one per line. End with CNTL/Z."
    assert ask("terminal length 0") == ""
    assert ask("show running-config").startswith("! NEC Portable Internetwork Core Operating System Software\n")


def test_the_header_changes_and_the_rest_does_not(ask: Ask) -> None:
    ask("enable-config")
    ask("terminal length 0")
    first, second = (ask("show running-config").splitlines() for _ in range(2))
    differing = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    assert [one.split()[:3] for one, _ in differing] == [["!", "Current", "time"]]
    assert ask("show config").splitlines()[0].startswith("Using ")


def test_a_page_stops_until_a_key_is_pressed(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        channel.send(b"enable-config\n")
        read_until(channel, CONFIG)
        channel.send(b"show running-config\n")
        assert len(read_until(channel, "--More--").splitlines()) == 25  # the echo, 23 lines, the question
        channel.send(b"q")
        read_until(channel, CONFIG)


def test_the_echo_of_a_long_line_is_folded_at_eighty_columns(ask: Ask) -> None:
    long = "ip access-list dc-in permit tcp src 10.200.9.128/25 sport any dest 10.161.252.9/32 dport eq 22"
    ask("enable-config")
    room = 80 - len(CONFIG)
    assert f"{long[:room]}\n{words.CONTINUATION}{long[room:]}" in f"{ask(long)}"
    ask("terminal width 512")
    assert ask(long) == ""
    assert ask("terminal width 59") == "% terminal width 59 -- Invalid command."


def test_help_leaves_what_was_typed_on_the_line(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        channel.send(b"show ver?")
        assert read_until(channel, f"{EXEC}show ver").count("show ver") == 2


@pytest.mark.parametrize(
    "line",
    [
        "ip route 10.161.1.0/24 999.1.1.1",
        "ip route 10.161.1.1/24 10.161.252.10",
        "ikev2 authentication psk id fqdn x",
        "interface GigaEthernet9.0",
        "ip address 10.0.0.1/24",
        "nonsense",
        "no nonsense",
    ],
)
def test_an_unknown_line_is_refused_with_its_text(ask: Ask, line: str) -> None:
    ask("enable-config")
    assert ask(line) == f"% {line} -- Invalid command."


def test_what_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ask("enable-config")
    assert ask("no ip route 10.99.0.0/16 10.161.252.10") == words.NOT_THERE.format(
        line="no ip route 10.99.0.0/16 10.161.252.10"
    )


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("no ikev2 authentication psk id fqdn dc-cn.idlink.example.jp", "ikev2 authentication psk id fqdn dc-cn"),
        ("no username colleague", "username colleague"),
        ("no ip route 10.200.0.0/16 Null0.0", "Null0.0 distance"),
        ("no ip access-list dc-in", "ip access-list dc-in"),
        ("no interface Tunnel0.0", "interface Tunnel0.0"),
        ("no ipv6 dhcp client-profile line-pd", "ipv6 dhcp client-profile line-pd"),
    ],
)
def test_short_removals_remove_the_line(ask: Ask, simulator: Simulator, line: str, gone: str) -> None:
    ask("enable-config")
    ask("terminal width 512")
    assert gone in simulator.run(simulator.device.running_text)
    assert ask(line) == ""
    assert gone not in simulator.run(simulator.device.running_text)


def test_every_line_is_live_and_only_what_is_saved_survives_a_power_cut(ask: Ask, simulator: Simulator) -> None:
    ask("enable-config")
    ask("ip route 10.97.0.0/16 10.161.252.10")
    assert ask("write memory") == (
        "Building configuration...\n% Warning: do NOT enter CNTL/Z while saving to avoid config corruption."
    )
    ask("ip route 10.98.0.0/16 10.161.252.10")
    simulator.run(simulator.device.boot)
    assert ["10.97." in simulator.device.running_text(), "10.98." in simulator.device.running_text()] == [True, False]


def test_a_restart_asks_and_says_what_is_not_saved(ask: Ask) -> None:
    ask("enable-config")
    ask("ip route 10.98.0.0/16 10.161.252.10")
    assert ask("reload", "(Yes or [No]): ") == (
        "% Warning: current running-configuration is not saved yet.\nAre you sure you want to reload the router? "
    )
    assert ask("") == ""  # No


def test_only_one_session_configures_until_it_is_interrupted(simulator: Simulator) -> None:
    with ExitStack() as stack:
        first, second = (stack.enter_context(shell(simulator)) for _ in range(2))
        for channel in (first, second):
            read_until(channel, EXEC)
        first.send(b"configure\n")
        read_until(first, CONFIG)
        second.send(b"configure\n")
        assert "% CONFIG process is occupied." in read_until(second, EXEC)
        second.send(b"svintr-config\n")
        read_until(second, CONFIG)
        first.send(b"\n")
        read_until(first, EXEC)


def test_the_mode_is_free_again_when_its_session_ends(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        channel.send(b"configure\n")
        read_until(channel, CONFIG)
        simulator.drop_sessions()
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        channel.send(b"configure\n")
        read_until(channel, CONFIG)


@pytest.mark.parametrize("clear", [True, False])
def test_passwords_are_hashed_and_keys_shown_as_the_box_is_told(clear: bool) -> None:
    text = settled_box(keys_in_clear=clear).running_text()
    assert PASSWORD not in text
    assert (PSK in text, words.MASKED_KEY in text) == (clear, not clear)


CUTS = {
    "the LAN port shut": ("interface GigaEthernet1.0", "shutdown"),
    "another LAN address": ("interface GigaEthernet1.0", "ip address 10.50.0.1/24"),
    "the way back gone": ("no ip route 10.161.2.0/24 10.161.252.10",),
    "the filter's permit gone": (
        "no ip access-list lan-in permit tcp src 10.161.2.250/32 sport any dest 10.161.252.9/32 dport eq 22",
    ),
    "an empty filter": ("interface GigaEthernet1.0", "ip filter nowhere 5 in"),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_change_can_cut_its_own_session(simulator: Simulator, name: str) -> None:
    with shell(simulator) as channel:
        read_until(channel, EXEC)
        for line in ("configure", *CUTS[name]):
            channel.send(f"{line}\n".encode())
        with pytest.raises((EOFError, OSError, paramiko.SSHException)):
            read_until(channel, "never")
    assert not simulator.run(lambda: simulator.device.allows_login_from(CONTROLLER))


def test_the_ssh_list_is_asked_at_login_only(ask: Ask, simulator: Simulator) -> None:
    ask("configure")
    assert ask("no ip access-list mgmt-src") == ""
    assert ask("show version").startswith("NEC Portable")
    assert not simulator.run(lambda: simulator.device.allows_login_from(CONTROLLER))


def test_associations_are_shown_in_our_own_form_until_somebody_captures_one(ask: Ask) -> None:
    ask("configure")
    ask("terminal length 0")
    assert "  Peer 2001:db8:c::10\n  State established" in ask("show ikev2 sa")
    assert "PFS 3072-bit" in ask("show ikev2 child-sa")


def test_an_interface_is_shown_as_captured(ask: Ask) -> None:
    ask("configure")
    assert ask("show ip interface GigaEthernet1.0").splitlines() == [
        "Interface GigaEthernet1.0 is up, line protocol is up",
        "  Internet address is 10.161.252.9/30",
        "  Broadcast address is 255.255.255.255",
        "  Address determined by config",
        "  MTU is 1500 octets",
        "  TCP MSS adjustment is disabled",
    ]
