"""The simulated Comware by itself (vendor reference 7.3)."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko
import pytest

from gatekit.simulators import Simulator
from gatekit.simulators.comware import words
from tests.unit.gatekit.simulators.client import Ask, asking, read_until, shell
from tests.unit.gatekit.simulators.comware.switches import OURS, configuration, switch

pytestmark = pytest.mark.peer
USER, SYSTEM = "<hosp-core>", "[hosp-core]"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(switch()) as one:
        yield one


@pytest.fixture
def ask(simulator: Simulator) -> Iterator[Ask]:
    with shell(simulator) as channel:
        read_until(channel, USER)
        yield asking(channel, SYSTEM)


def test_the_views_and_the_way_between_them(ask: Ask) -> None:
    assert "Unrecognized command" in ask(OURS, USER)
    ask("system-view")
    ask("interface Vlan-interface10", "[hosp-core-Vlan-interface10]")
    ask("quit")
    ask("interface Vlan-interface10", "[hosp-core-Vlan-interface10]")
    ask("return", USER)


def test_a_line_is_live_at_once_and_shown_with_a_leading_blank(ask: Ask) -> None:
    ask("system-view")
    assert ask(OURS) == ""
    ask("return", USER)
    ask("screen-length disable", USER)
    assert f"\n {OURS}\n" in ask("display current-configuration", USER)
    assert OURS not in ask("display saved-configuration", USER)
    assert f"+  {OURS}" in ask("display current-configuration diff", USER)


def test_the_pager_stops_until_it_is_turned_off(ask: Ask) -> None:
    assert "return" not in ask("display current-configuration", words.MORE).splitlines()
    ask(" ", f"{USER}\r\n{USER}")  # the Enter after the space is an empty line
    ask("screen-length disable", USER)
    assert ask("display current-configuration", USER).splitlines()[-1] == "return"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("nonsense", "Unrecognized command"),
        ("ip route-static 10.161.4.0 24", "Incomplete command"),
        ("ip route-static 10.161.4.0 33 192.168.10.5", "Wrong parameter"),
        ("ip route-static 999.161.4.0 24 192.168.10.5", "Wrong parameter"),
        ("ip route-static 10.161.4.0 24 999.1.1.1", "Wrong parameter"),
        ("ip route-static 10.161.4.0 24 192.168.10.5 192.168.10.6", "Too many parameters"),
        (f"undo {OURS} description GW", "Too many parameters"),
    ],
)
def test_what_it_does_not_take_is_refused(ask: Ask, line: str, what: str) -> None:
    ask("system-view")
    assert ask(line).splitlines()[-1] == f" % {what} found at '^' position."


def test_the_marker_stands_under_the_wrong_word(ask: Ask) -> None:
    ask("system-view")
    line = "ip route-static 10.161.4.0 24 999.1.1.1"
    assert ask(line).splitlines()[0] == " " * (len(SYSTEM) + line.index("999")) + "^"


def test_what_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ask("system-view")
    assert ask(f"undo {OURS}") == words.ABSENT.strip()


def test_a_plain_save_asks_three_times_and_forced_not_at_all(ask: Ask, simulator: Simulator) -> None:
    ask("system-view")
    ask(OURS)
    ask("save", "[Y/N]:")
    ask("y", "enter key):")
    ask("", "[Y/N]:")
    ask("n")
    assert OURS not in simulator.run(simulator.device.startup.text)
    assert "Saved the current configuration" in ask("save force")
    assert simulator.run(simulator.device.startup.text) == configuration(OURS).text()


def test_an_older_generation_knows_neither_delay_nor_diff() -> None:
    with Simulator(switch(generation=5)) as simulator, shell(simulator) as channel:
        read_until(channel, USER)
        for line, end in (("display current-configuration diff", USER), ("system-view", SYSTEM)):
            channel.send(f"{line}\n".encode())
            answer = read_until(channel, end)
            assert ("Unrecognized" in answer) is (end == USER)
        channel.send(b"configuration commit delay 5\n")
        assert "Unrecognized command" in read_until(channel, SYSTEM)


def test_the_rollback_writes_into_the_session(ask: Ask, simulator: Simulator) -> None:
    ask("system-view")
    ask("configuration commit delay 1")
    ask(OURS)
    simulator.run(simulator.device.roll_back)
    assert "Configuration rollback" in ask("")
    assert ask("configuration commit") == words.NOTHING_TO_COMMIT.strip()


def test_a_change_can_cut_its_own_session(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, USER)
        for line in ("system-view", "interface Vlan-interface10", "shutdown"):
            channel.send(f"{line}\n".encode())
        with pytest.raises((EOFError, OSError, paramiko.SSHException)):
            read_until(channel, "never")
