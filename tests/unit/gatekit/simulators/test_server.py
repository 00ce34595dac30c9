"""The toy behind its port, asked by a real SSH client."""

from __future__ import annotations

import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from ipaddress import IPv4Address

import paramiko
import pytest

from gatekit.simulators import Simulator
from tests.unit.gatekit.simulators.client import read_until, seconds_until_closed, shell
from tests.unit.gatekit.simulators.toy import Toy

pytestmark = pytest.mark.peer
PROMPT = "toy# "
RESET = (paramiko.SSHException, OSError, EOFError)  # what paramiko makes of a reset, by the moment it comes


def until_reachable(simulator: Simulator, limit_s: float = 5.0) -> None:
    ends = time.monotonic() + limit_s
    while not simulator.run(lambda: simulator.device.powered):
        assert time.monotonic() < ends
        time.sleep(0.01)


def told(channel, line: str) -> str:
    channel.sendall(line + "\n")
    return read_until(channel, PROMPT)


def seconds_to_start() -> float:
    started = time.monotonic()
    with Simulator(Toy()) as simulator:
        took = time.monotonic() - started
        folder = simulator.known_hosts.parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()
    return took


def test_a_simulator_is_there_in_a_tenth_of_a_second_and_leaves_nothing_behind():
    assert min(seconds_to_start() for _ in range(5)) < 0.1


def test_a_dialogue_echoes_answers_and_ends_with_a_goodbye():
    with Simulator(Toy()) as simulator, shell(simulator) as channel:
        assert read_until(channel, PROMPT) == PROMPT
        assert told(channel, "foo") == f"foo\r\n% Unknown: foo\r\n{PROMPT}"
        channel.sendall("exit\n")
        assert channel.recv_exit_status() == 0


def test_a_wrong_password_is_refused():
    with Simulator(Toy()) as simulator, pytest.raises(paramiko.AuthenticationException), shell(simulator, "wrong"):
        pass


def test_another_key_than_the_known_one_ends_the_login():
    with Simulator(Toy()) as simulator, Simulator(Toy()) as other:
        mine = simulator.known_hosts.read_text().split()
        theirs = other.known_hosts.read_text().split()
        simulator.known_hosts.write_text(" ".join([mine[0], *theirs[1:]]) + "\n")
        with pytest.raises(paramiko.BadHostKeyException), shell(simulator):
            pass


def test_only_a_shell_is_offered():
    with Simulator(Toy()) as simulator, shell(simulator) as channel, pytest.raises(paramiko.SSHException):
        channel.get_transport().open_session().exec_command("show")


def test_a_slow_link_in_pieces_shows_the_same_text():
    toy = Toy()
    toy.running |= {f"name{number}": "値" for number in range(3)}
    with Simulator(toy, chunk_bytes=5, delay_s=0.001) as simulator, shell(simulator) as channel:
        read_until(channel, PROMPT)
        assert told(channel, "show") == "show\r\n" + toy.running_text().replace("\n", "\r\n") + PROMPT


def test_dropped_sessions_are_reset_and_the_device_keeps_its_state():
    toy = Toy()
    with Simulator(toy) as simulator, shell(simulator) as channel:
        read_until(channel, PROMPT)
        told(channel, "set a 1")
        simulator.drop_sessions()
        assert seconds_until_closed(channel) < 1
        assert simulator.run(lambda: (toy.running["a"], toy.sessions)) == ("1", [])
        with shell(simulator) as again:
            assert read_until(again, PROMPT) == PROMPT


def test_a_change_that_cuts_its_own_management_goes_silent_then_dies_and_lets_nobody_in_until_it_is_reverted():
    toy = Toy(speed=60)
    with Simulator(toy) as simulator, shell(simulator) as channel:
        read_until(channel, PROMPT)
        told(channel, "revert 60")
        channel.sendall("set allow 192.168.0.0/24\n")
        assert seconds_until_closed(channel) < 1
        with pytest.raises(RESET), shell(simulator):
            pass
        time.sleep(0.8)
        with shell(simulator) as again:
            assert read_until(again, PROMPT) == PROMPT


def test_a_login_is_judged_by_where_it_comes_from():
    toy = Toy()
    with Simulator(toy) as simulator:
        toy.client_address = IPv4Address("192.168.30.9")
        started = time.monotonic()
        with pytest.raises(RESET), shell(simulator):
            pass
        assert time.monotonic() - started < 1


def test_without_power_the_port_refuses_and_what_was_not_saved_is_gone():
    toy = Toy(speed=10)
    with Simulator(toy) as simulator:
        with shell(simulator) as channel:
            read_until(channel, PROMPT)
            told(channel, "set kept 1")
            told(channel, "save")
            told(channel, "set lost 1")
            told(channel, "revert 1")
            simulator.power_cycle(3.0)
            assert seconds_until_closed(channel) < 1
        with pytest.raises(paramiko.ssh_exception.NoValidConnectionsError), shell(simulator):
            pass
        until_reachable(simulator)
        with shell(simulator) as again:
            read_until(again, PROMPT)
            assert told(again, "show") == f"show\r\nallow 10.161.4.0/24\r\nkept 1\r\n{PROMPT}"
    assert toy.boots == 2


def test_a_timer_of_before_does_not_fire_after_the_power_came_back():
    toy = Toy(speed=10)
    with Simulator(toy) as simulator:
        with shell(simulator) as channel:
            read_until(channel, PROMPT)
            told(channel, "revert 20")
        simulator.power_cycle(3.0)
        until_reachable(simulator)
        with shell(simulator) as again:
            read_until(again, PROMPT)
            told(again, "set new 1")
        while simulator.run(toy.clock.now_s) < 25:
            time.sleep(0.05)
        assert simulator.run(lambda: toy.running["new"]) == "1"


def test_a_device_may_reload_itself_from_its_own_dialogue():
    toy = Toy(speed=100)
    with Simulator(toy) as simulator:
        with shell(simulator) as channel:
            read_until(channel, PROMPT)
            channel.sendall("reload\n")
            assert seconds_until_closed(channel) < 1
        until_reachable(simulator)
        with shell(simulator) as again:
            assert read_until(again, PROMPT) == PROMPT


def test_a_hundred_sessions_at_once():
    toy = Toy()
    with Simulator(toy) as simulator, ExitStack() as stack:
        with ThreadPoolExecutor(10) as pool:
            channels = pool.map(lambda _: stack.enter_context(shell(simulator)), range(100))
            assert [read_until(channel, PROMPT) for channel in channels] == [PROMPT] * 100
        assert simulator.run(lambda: len(toy.sessions)) == 100


def test_sessions_stand_oldest_first_and_leave_when_their_client_does():
    toy = Toy()
    with Simulator(toy) as simulator:
        with shell(simulator) as first:
            read_until(first, PROMPT)
            oldest = simulator.run(lambda: toy.sessions[0])
            with shell(simulator) as second:
                read_until(second, PROMPT)
                assert simulator.run(lambda: (toy.sessions[0] is oldest, len(toy.sessions))) == (True, 2)
        ends = time.monotonic() + 2
        while simulator.run(lambda: len(toy.sessions)) and time.monotonic() < ends:
            time.sleep(0.01)
        assert simulator.run(lambda: toy.sessions) == []


def break_the_dialogue() -> None:
    with Simulator(Toy()) as simulator, shell(simulator) as channel:
        read_until(channel, PROMPT)
        channel.sendall("break\n")
        seconds_until_closed(channel)


def test_a_fault_of_the_simulator_itself_is_not_swallowed():
    with pytest.raises(BaseExceptionGroup) as failed:
        break_the_dialogue()
    assert [str(fault) for fault in failed.value.exceptions] == ["a fault of the toy"]


def break_a_timer() -> None:
    def fail() -> None:
        raise ValueError("a fault of the timer")

    with Simulator(Toy()) as simulator:
        simulator.run(lambda: simulator.device.clock.call_after(0.01, fail))
        time.sleep(0.1)


def test_a_timer_that_fails_is_not_swallowed():
    with pytest.raises(BaseExceptionGroup) as failed:
        break_a_timer()
    assert [str(fault) for fault in failed.value.exceptions] == ["a fault of the timer"]
