"""The simulated AX by itself (vendor reference 7.2)."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko
import pytest

from gatekit.simulators import Simulator
from gatekit.simulators.alaxala_ax import words
from tests.unit.gatekit.simulators.alaxala_ax.switches import OURS, switch
from tests.unit.gatekit.simulators.client import Ask, asking, read_until, shell

pytestmark = pytest.mark.peer
USER, ADMIN, CONFIG = "ax3640-hosp> ", "ax3640-hosp# ", "ax3640-hosp(config)# "


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(switch()) as one:
        yield one


@pytest.fixture
def ask(simulator: Simulator) -> Iterator[Ask]:
    with shell(simulator) as channel:
        assert "Copyright (c) 2005-2020 ALAXALA Networks Corporation" in read_until(channel, USER)
        yield asking(channel, ADMIN)


def test_the_prompt_tells_what_is_not_saved(ask: Ask) -> None:
    ask("enable")
    ask("set terminal pager disable")
    ask("configure terminal", CONFIG)
    ask(OURS, f"!{CONFIG}")
    assert ask("end", "(y/n): ") == 'Unsaved changes found! Do you exit "configure" without save ? '
    ask("n", f"!{CONFIG}")
    ask("end", "(y/n): ")
    ask("y", f"!{ADMIN}")
    assert OURS in ask("show running-config", f"!{ADMIN}")


def test_saving_is_done_in_configuration_mode_and_takes_the_mark_away(ask: Ask, simulator: Simulator) -> None:
    ask("enable")
    assert "%" in ask("save")
    ask("configure terminal", CONFIG)
    ask(OURS, f"!{CONFIG}")
    assert ask("save", f"\n{CONFIG}") == ""
    ask("end")
    simulator.run(simulator.device.boot)
    assert OURS in simulator.run(simulator.device.running_text)


def test_the_header_changes_with_a_save_and_the_name_is_quoted(ask: Ask) -> None:
    ask("enable")
    lines = ask("show running-config", words.MORE).splitlines()
    assert lines[0].startswith("#Last modified by ")
    assert lines[1:3] == ["!", 'hostname "ax3640-hosp"']
    ask(" ", ADMIN)


def test_without_a_pager_the_whole_text_comes_at_once(ask: Ask) -> None:
    ask("enable")
    ask("set terminal pager disable")
    assert ask("show startup-config").splitlines()[-1] == "!"


@pytest.mark.parametrize(
    "line",
    [
        "ip route 10.161.4.0/24 192.168.10.5",
        "ip route 10.161.4.1 255.255.255.0 192.168.10.5",
        "ip route 10.161.4.0 255.255.255.0 999.1.1.1",
        "ip route 10.161.4.0 255.0.255.0 192.168.10.5",
        "nonsense",
    ],
)
def test_an_unknown_line_is_refused(ask: Ask, line: str) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    assert "% illegal parameter at '^' marker." in ask(line, f"\n{CONFIG}")


def test_what_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    assert ask(f"no {OURS}", f"\n{CONFIG}") == words.NOT_THERE.strip()


def test_a_route_shows_where_its_next_hop_is_connected(ask: Ask) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    ask(OURS, f"!{CONFIG}")
    ask("end", "(y/n): ")
    ask("y", f"!{ADMIN}")
    table = ask("show ip route 10.161.4.0/24", f"!{ADMIN}").splitlines()
    assert table[0] == "Total: 1 routes"
    assert table[2].split() == ["10.161.4.0/24", "192.168.10.5", "VLAN0010", "0/0", "Static", "1m", "20s,", "-"]


def test_a_change_can_cut_its_own_session(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, USER)
        for line in ("enable", "configure terminal", "interface vlan 10", "shutdown"):
            channel.send(f"{line}\n".encode())
        with pytest.raises((EOFError, OSError, paramiko.SSHException)):
            read_until(channel, "never")
