"""The router's console, typed by hand through a real SSH port."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import IPv4Address

import paramiko
import pytest

from gatekit.simulators import Clock, Simulator
from gatekit.simulators.yamaha_rtx import YamahaRtx
from tests.unit.gatekit.simulators.client import read_until, shell

pytestmark = pytest.mark.peer
USERS = {"gwops": "Word-1"}
ENGLISH = "console character en.ascii\nconsole prompt kita\nconsole lines infinity\nsshd service on\n"


def up(lines: str = ENGLISH, speed: float = 60.0) -> Simulator:
    return Simulator(YamahaRtx("kita", clock=Clock(speed), users=USERS, lines=lines))


@pytest.fixture
def router() -> Iterator[Simulator]:
    with up() as simulator:
        yield simulator


def typed(channel, line: str, end: str) -> str:
    """Type a line and return what is shown after its echo, up to and without the end."""
    channel.send((line + "\n").encode())
    return read_until(channel, end).partition("\r\n")[2].removesuffix(end).replace("\r\n", "\n")


def rise(channel, password: str = "") -> None:
    read_until(channel, "> ")
    typed(channel, "administrator", "Password: ")
    channel.send(f"{password}\n".encode())
    read_until(channel, "# ")


def test_only_the_administrator_may_change_anything(router):
    with shell(router) as channel:
        assert "Yamaha Corporation" in read_until(channel, "kita> ")
        assert typed(channel, "ip lan1 address 10.0.0.1/30", "kita> ") == "Error: Administrator use only\n"
        assert typed(channel, "show config", "kita> ") == "Error: Administrator use only\n"
        typed(channel, "administrator", "Password: ")
        assert typed(channel, "wrong", "kita> ") == "Error: Incorrect password\n"


def test_the_prompt_follows_what_is_selected_and_no_tunnel_select_removes_nothing(router):
    with shell(router) as channel:
        rise(channel)
        typed(channel, "tunnel select 1", "kitatunnel1# ")
        typed(channel, "ip tunnel mtu 1400", "kitatunnel1# ")
        typed(channel, "no tunnel select 1", "kita# ")
        assert " ip tunnel mtu 1400\n" in typed(channel, "show config", "kita# ")


def test_the_header_differs_at_every_look(router):
    with shell(router) as channel:
        rise(channel)
        first = typed(channel, "show config", "kita# ")
        time.sleep(0.1)
        second = typed(channel, "show config", "kita# ")
    changed = [(one, other) for one, other in zip(first.split("\n"), second.split("\n"), strict=True) if one != other]
    assert [one.partition(":")[0] for one, _ in changed] == ["# Reporting Date"]


def test_leaving_with_unsaved_changes_asks_and_no_saves_nothing(router):
    with shell(router) as channel:
        rise(channel)
        typed(channel, "snmp sysname new", "kita# ")
        typed(channel, "exit", "Save new configuration ? (Y/N)")
        channel.send(b"N")
        read_until(channel, "kita> ")
    assert "sysname" not in router.run(router.device.startup.text)


def test_yes_and_save_both_save(router):
    with shell(router) as channel:
        rise(channel)
        typed(channel, "snmp sysname new", "kita# ")
        typed(channel, "exit", "(Y/N)")
        channel.send(b"y")
        assert "Saving ... CONFIG0 Done ." in read_until(channel, "kita> ")
        rise_again = typed(channel, "administrator", "Password: ")
        assert rise_again == ""
        channel.send(b"\n")
        read_until(channel, "kita# ")
        typed(channel, "no snmp sysname", "kita# ")
        assert typed(channel, "save", "kita# ") == "Saving ... CONFIG0 Done .\n"
    assert "sysname" not in router.run(router.device.startup.text)


def test_without_power_what_was_not_saved_is_gone(router):
    with shell(router) as channel:
        rise(channel)
        typed(channel, "snmp sysname new", "kita# ")
    router.power_cycle(1.0)
    ends_at = time.monotonic() + 10
    while not router.run(lambda: router.device.powered) and time.monotonic() < ends_at:
        time.sleep(0.05)
    assert "sysname" not in router.run(router.device.running_text)


def test_a_japanese_console_says_its_errors_in_japanese():
    with up("console character ja.utf8\nsshd service on\n") as router, shell(router) as channel:
        rise(channel)
        assert typed(channel, "ip filtre 1", "# ") == "エラー：コマンド名を確認してください\n"
        assert typed(channel, "console character en.ascii", "# ") == ""
        assert typed(channel, "ip filtre 1", "# ") == "Error: Invalid command name\n"


def test_long_lines_fold_at_the_consoles_width_and_pages_wait():
    filters = "".join(f"ip filter {number} pass 10.0.0.{number} * tcp * 22\n" for number in range(1, 60))
    lines = f"console character en.ascii\nsshd service on\n{filters}description lan1 {'x' * 90}\n"
    with up(lines) as router, shell(router) as channel:
        rise(channel)
        channel.send(b"show config\n")
        first = read_until(channel, "---more---")
        assert first.count("\r\n") == 1 + 23
        assert f"\r\ndescription lan1 {'x' * 63}\r\n{'x' * 27}\r\n" in first
        channel.send(b"\n")
        assert read_until(channel, "---more---").count("\r\n") == 1
        channel.send(b"q")
        assert read_until(channel, "# ").strip("\r ") == "#"


def test_a_saved_file_is_shown_for_the_administrators_password():
    lines = f"administrator password Adm-1\n{ENGLISH}"
    with up(lines) as router, shell(router) as channel:
        rise(channel, "Adm-1")
        typed(channel, "show config 0", "Administrator Password: ")
        assert "administrator password *\n" in typed(channel, "Adm-1", "kita# ")


def test_an_administrator_password_is_a_dialogue(router):
    with shell(router) as channel:
        rise(channel)
        assert typed(channel, "administrator password Adm-1", "kita# ").startswith("Error: ")
        typed(channel, "administrator password", "New_Password: ")
        typed(channel, "Adm-1", "New_Password: ")
        typed(channel, "Adm-1", "kita# ")
        typed(channel, "administrator password", "Old_Password: ")
        assert typed(channel, "wrong", "kita# ") == "Error: Incorrect password\n"
    assert router.run(lambda: router.device.running.value("administrator password")) == "Adm-1"


def test_a_timer_that_is_taken_away_does_not_fire_and_one_that_is_left_does():
    with up(speed=300.0) as router, shell(router) as channel:
        rise(channel)
        typed(channel, "schedule at 9 +3000 * restart", "kita# ")
        typed(channel, "no schedule at 9", "kita# ")
        assert router.run(lambda: (dict(router.device.timers), router.device.restarts)) == ({}, 0)
        assert typed(channel, "schedule at 9 +3601 * restart", "kita# ") == "Error: Parameter out of range\n"
        typed(channel, "schedule at 9 +30 * restart", "kita# ")
        ends_at = time.monotonic() + 10
        while not router.run(lambda: router.device.restarts) and time.monotonic() < ends_at:
            time.sleep(0.05)
        assert router.run(lambda: router.device.restarts) == 1


def test_login_hosts_count_for_the_next_login_and_filters_at_once(router):
    with shell(router) as channel:
        rise(channel)
        typed(channel, "sshd host 10.0.0.1", "kita# ")
        assert "sshd host 10.0.0.1\n" in typed(channel, "show config", "kita# ")
        with pytest.raises((paramiko.SSHException, OSError, EOFError)), shell(router):
            pass
        typed(channel, "ip filter 1 reject * * * * *", "kita# ")
        channel.send(b"ip lan1 secure filter in 1\n")
        with pytest.raises((EOFError, OSError)):
            read_until(channel, "never", limit_s=2.0)


def test_two_administrators_see_each_others_lines(router):
    with shell(router) as one, shell(router) as other:
        rise(one)
        rise(other)
        typed(one, "snmp sysname new", "kita# ")
        assert "snmp sysname new\n" in typed(other, "show config | grep sysname", "kita# ")


def test_where_logins_are_thought_to_come_from_can_be_said():
    device = YamahaRtx(
        users=USERS, client_address=IPv4Address("10.9.9.9"), lines="sshd service on\nsshd host 10.9.9.9\n"
    )
    assert device.allows_login_from(device.client_address)
