"""A console is one: everybody sees the same screen, nobody is logged out by leaving, and it outlives the power."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException

from gatekit.simulators import Clock, Simulator
from gatekit.simulators.console import PASSWORD, ConsoleServer
from gatekit.simulators.nec_ix import NecIx, factory_fresh

pytestmark = pytest.mark.peer


@pytest.fixture
def console() -> Iterator[tuple[Simulator, ConsoleServer]]:
    box: NecIx = factory_fresh(IPv4Address("10.0.0.1"), clock=Clock(200.0))
    with Simulator(box) as simulator, ConsoleServer(simulator, box) as server:
        yield simulator, server


@contextmanager
def cable(server: ConsoleServer, password: str = PASSWORD) -> Iterator[object]:
    login = replace(server.login(), password=password)
    connection = ConnectHandler(
        device_type="terminal_server",
        host=login.host,
        port=login.port,
        username=login.user,
        password=login.password,
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(login.known_hosts),
        allow_agent=False,
    )
    try:
        yield connection
    finally:
        connection.disconnect()


def typed(connection, line: str, ends_with: str) -> str:
    connection.write_channel(f"{line}\n")
    return connection.read_until_pattern(pattern=ends_with)


def test_whoever_comes_next_finds_the_session_that_was_left_open(console):
    _, server = console
    with cable(server) as first:
        typed(first, "enable-config", r"\(config\)# $")
    with cable(server) as second:
        assert "Router(config)#" in typed(second, "", r"# $")


def test_two_people_see_one_screen(console):
    _, server = console
    with cable(server) as first, cable(server) as second:
        typed(first, "show version", r"# $")
        assert "show version" in second.read_until_pattern(pattern="show version")


def test_the_cable_outlives_the_devices_power_and_the_mode_does_not(console):
    simulator, server = console
    with cable(server) as first:
        typed(first, "enable-config", r"\(config\)# $")
        simulator.power_cycle(20.0)
        while not simulator.run(lambda: simulator.device.powered):
            time.sleep(0.02)
        assert "(config)" not in typed(first, "", r"Router[^\n]*# $").rpartition("Router")[2]


def test_the_console_server_wants_its_own_password(console):
    _, server = console
    with pytest.raises(NetmikoAuthenticationException), cable(server, "wrong"):
        pass


def test_a_fresh_unit_takes_no_login_over_the_network(console):
    simulator, _ = console
    assert simulator.run(lambda: simulator.device.allows_login_from(IPv4Address("10.0.0.1"))) is False
