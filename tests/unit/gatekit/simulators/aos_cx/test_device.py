"""The simulated AOS-CX by itself (vendor reference 7.6)."""

from __future__ import annotations

from collections.abc import Iterator

import paramiko
import pytest

from gatekit.simulators import Simulator
from gatekit.simulators.aos_cx import words
from tests.unit.gatekit.simulators.aos_cx.switches import OURS, configuration, switch
from tests.unit.gatekit.simulators.client import Ask, asking, read_until, shell

pytestmark = pytest.mark.peer
ADMIN, CONFIG = "cx-hosp# ", "cx-hosp(config)# "


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(switch()) as one:
        yield one


@pytest.fixture
def ask(simulator: Simulator) -> Iterator[Ask]:
    with shell(simulator) as channel:
        read_until(channel, ADMIN)
        yield asking(channel, ADMIN, enter="\r", before_prompt=words.EDITOR)


def test_the_modes_and_the_way_between_them(ask: Ask) -> None:
    assert ask(OURS) == "Invalid input: ip"
    ask("configure terminal", CONFIG)
    ask("interface vlan 10", "cx-hosp(config-if-vlan)# ")
    ask("interface 1/1/1", "cx-hosp(config-if)# ")
    ask("exit", CONFIG)
    ask("vlan 30", "cx-hosp(config-vlan-30)# ")
    ask("end")


def test_the_header_stands_over_both_configurations(ask: Ask) -> None:
    ask("no page")
    assert ask("show running-config").splitlines()[0] == "Current configuration:"
    assert ask("show startup-config").splitlines()[0] == "Startup configuration:"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("nonsense", "nonsense"),
        ("ip route 10.161.4.0/33 192.168.10.5", "10.161.4.0/33"),
        ("ip route 10.161.4.0 255.255.255.0 192.168.10.5", "10.161.4.0"),
        ("ip route 10.161.4.0/24 999.1.1.1", "999.1.1.1"),
        (f"{OURS} far", "far"),
    ],
)
def test_what_it_does_not_take_is_refused_by_its_word(ask: Ask, line: str, word: str) -> None:
    ask("configure terminal", CONFIG)
    assert ask(line, CONFIG) == f"Invalid input: {word}"


def test_half_a_route_is_incomplete_and_one_that_is_not_there_cannot_be_removed(ask: Ask) -> None:
    ask("configure terminal", CONFIG)
    assert ask("ip route 10.161.4.0/24", CONFIG) == "% Command incomplete."
    assert ask(f"no {OURS}", CONFIG) == words.ABSENT.strip()


def test_a_checkpoint_that_nobody_confirms_comes_back(ask: Ask, simulator: Simulator) -> None:
    assert ask("checkpoint auto 20") == "Auto checkpoint mode expires in 20 minute(s)"
    ask("configure terminal", CONFIG)
    ask(OURS, CONFIG)
    ask("end")
    simulator.run(simulator.device.restore)
    assert "Restoration successful" in ask("show system")
    assert simulator.run(simulator.device.running_text) == configuration().text()


def test_a_confirmed_one_stays_and_is_listed(ask: Ask, simulator: Simulator) -> None:
    ask("checkpoint auto 5")
    ask("configure terminal", CONFIG)
    ask(OURS, CONFIG)
    ask("end")
    name = ask("checkpoint auto confirm").split()[1]
    assert name.startswith("AUTO20261123")
    assert name in ask("show checkpoint")
    assert simulator.run(simulator.device.running_text) == configuration(OURS).text()
    assert ask("checkpoint auto confirm") == words.NOTHING_TO_CONFIRM.strip()


def test_the_box_warns_two_minutes_before() -> None:
    box = switch()
    said: list[str] = []
    box._tell_all = said.append
    box.start_checkpoint(20)
    box.clock.advance(17 * 60)
    assert said == []
    box.clock.advance(60)
    assert said == ['WARNING  Please "checkpoint auto confirm" within 2 minutes\n']
    box.clock.advance(120)
    assert said[-1] == "Restoration successful\n"


@pytest.mark.parametrize("wish", ["0", "61", "soon", ""])
def test_a_time_that_it_does_not_know_is_refused(ask: Ask, wish: str) -> None:
    assert ask(f"checkpoint auto {wish}".strip()).startswith("Invalid input:")


def test_old_releases_save_outside_configuration_mode_only() -> None:
    with Simulator(switch(is_old=True)) as simulator, shell(simulator) as channel:
        read_until(channel, ADMIN)
        channel.send(b"configure terminal\r")
        read_until(channel, CONFIG)
        channel.send(b"write memory\r")
        assert "Invalid input: write" in read_until(channel, CONFIG)
        channel.send(b"end\r")
        read_until(channel, ADMIN)
        channel.send(b"write memory\r")
        assert words.SAVED.strip() in read_until(channel, ADMIN)


def test_a_change_can_cut_its_own_session(simulator: Simulator) -> None:
    with shell(simulator) as channel:
        read_until(channel, ADMIN)
        for line in ("configure terminal", "interface vlan 10", "shutdown"):
            channel.send(f"{line}\r".encode())
        with pytest.raises((EOFError, OSError, paramiko.SSHException)):
            read_until(channel, "never")
