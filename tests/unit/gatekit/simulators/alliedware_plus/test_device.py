"""The simulated AlliedWare Plus by itself (vendor reference 7.4)."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko
import pytest

from gatekit.simulators import Simulator
from gatekit.simulators.alliedware_plus import words
from tests.unit.gatekit.simulators.alliedware_plus.switches import OURS, configuration, switch
from tests.unit.gatekit.simulators.client import Ask, asking, read_until, shell

pytestmark = pytest.mark.peer
USER, ADMIN, CONFIG = "awplus-hosp>", "awplus-hosp#", "awplus-hosp(config)#"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(switch()) as one:
        yield one


@pytest.fixture
def ask(simulator: Simulator) -> Iterator[Ask]:
    with shell(simulator) as channel:
        read_until(channel, USER)
        yield asking(channel, ADMIN)


def test_only_the_privileged_mode_shows_the_configuration(ask: Ask) -> None:
    assert "Invalid input" in ask("show running-config", USER)
    ask("enable")
    ask("terminal length 0")
    assert ask("show running-config").splitlines()[-1] == "end"


def test_a_dotted_mask_is_shown_as_a_length(ask: Ask) -> None:
    ask("enable")
    ask("terminal length 0")
    ask("configure terminal", CONFIG)
    assert ask("ip route 10.161.4.0 255.255.255.0 192.168.10.5", CONFIG) == ""
    ask("end")
    assert OURS in ask("show running-config").splitlines()


def test_a_save_asks_nothing(ask: Ask, simulator: Simulator) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    ask(OURS, CONFIG)
    ask("end")
    assert ask("write memory") == "Building configuration...\n[OK]"
    simulator.run(simulator.device.boot)
    assert simulator.run(simulator.device.running_text) == configuration(OURS).text()


@pytest.mark.parametrize(
    "line", ["ip route 10.161.4.0/24 999.1.1.1", "ip route 10.161.4.0/33 192.168.10.5", "nonsense", f"{OURS} far"]
)
def test_what_it_does_not_take_is_refused(ask: Ask, line: str) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    assert "% Invalid input detected at '^' marker." in ask(line, CONFIG)


def test_half_a_route_is_incomplete_and_one_that_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ask("enable")
    ask("configure terminal", CONFIG)
    assert ask("ip route 10.161.4.0/24", CONFIG) == words.INCOMPLETE.strip()
    assert ask(f"no {OURS}", CONFIG) == words.ABSENT.strip()


def test_noise_comes_before_prompts_and_in_line_ends() -> None:
    with Simulator(switch(noisy=True)) as simulator, shell(simulator) as channel:
        assert read_until(channel, USER).endswith(f"{words.NOISE}{USER}")
        channel.send(b"terminal length 0\n")
        read_until(channel, USER)
        channel.send(b"show ip route\n")
        assert f"candidate default{words.LINE_END}" in read_until(channel, USER)


def test_enable_may_want_a_password() -> None:
    with Simulator(switch(enable_password="another-one")) as simulator, shell(simulator) as channel:
        read_until(channel, USER)
        channel.send(b"enable\n")
        read_until(channel, "Password: ")
        channel.send(b"wrong\n")
        assert "% Bad passwords" in read_until(channel, USER)


def test_a_change_can_cut_its_own_session(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, USER)
        for line in ("enable", "configure terminal", "interface vlan10", "shutdown"):
            channel.send(f"{line}\n".encode())
        with pytest.raises((EOFError, OSError, paramiko.SSHException)):
            read_until(channel, "never")
