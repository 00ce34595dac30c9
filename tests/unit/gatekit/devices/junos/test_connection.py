"""Logging in: strict keys, and prompts that are whole before they are believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from netmiko.juniper.juniper import JuniperSSH

from gatekit.devices.change.access import Access
from gatekit.devices.junos import PLATFORM
from gatekit.devices.junos.exchange import answer_of, ask, commits, settled
from gatekit.errors import DeviceError
from gatekit.simulators import Simulator
from tests.unit.gatekit.simulators.junos.boxes import OLD_PASSWORD, ex, l3_switch, logged_in


@pytest.fixture
def pending() -> Iterator[Simulator]:
    """A switch whose commit waits to be confirmed, behind a link that delivers a few characters at a time."""
    with Simulator(ex(speed=1), chunk_bytes=5, delay_s=0.001) as simulator:
        with logged_in(simulator) as session:
            for line in ("configure", "set snmp location x", "commit confirmed 50", "exit"):
                ask(session, line)
        yield simulator


@pytest.mark.peer
def test_the_librarys_driver_takes_the_reminder_for_a_prompt_and_ours_does_not(pending):
    login = pending.login(OLD_PASSWORD)
    stock = JuniperSSH(
        host=login.host,
        port=login.port,
        username=login.user,
        password=login.password,
        ssh_strict=True,
        alt_host_keys=True,
        alt_key_file=str(login.known_hosts),
    )
    assert stock.base_prompt == "#"  # why there is a driver of our own; when this fails, it may go
    stock.disconnect()
    with logged_in(pending) as session:
        assert session.connection.base_prompt == "gwops@hosp-core"
        assert "rollback pending" in ask(session, "show system commit")


@pytest.mark.peer
def test_another_host_key_and_a_wrong_password_are_told_apart(tmp_path):
    with Simulator(ex()) as simulator, Simulator(ex()) as other:
        login = simulator.login(OLD_PASSWORD)
        key = other.known_hosts.read_text(encoding="ascii").replace(str(other.port), str(simulator.port))
        wrong = tmp_path / "known_hosts"
        wrong.write_text(key, encoding="ascii")
        for changed, code in (({"known_hosts": wrong}, "GW416"), ({"password": "not-this-one"}, "GW401")):
            with pytest.raises(DeviceError) as refused:
                Access(PLATFORM, replace(login, **changed), l3_switch(), {}).open()
            assert refused.value.code == code


@pytest.mark.peer
def test_a_session_in_the_middle_of_a_dialogue_is_brought_back_to_its_prompt():
    with Simulator(ex()) as simulator, logged_in(simulator) as session:
        assert settled(session) is False
        ask(session, "configure exclusive")
        session.ask("set system root-authentication plain-text-password", expect="New password:")
        assert settled(session) is True
        assert ask(session, "show | compare").strip() == ""


def test_the_history_tells_pending_from_once_confirmed() -> None:
    text = """\
0   2026-11-22 13:05:41 JST by gwops via cli commit confirmed, rollback in 10mins
    kita-0007
    rollback pending
1   2026-11-20 09:12:03 JST by gwops via cli commit confirmed, rollback in 10mins
"""
    assert commits(text) == [
        ("0   2026-11-22 13:05:41 JST by gwops via cli commit confirmed, rollback in 10mins kita-0007", True),
        ("1   2026-11-20 09:12:03 JST by gwops via cli commit confirmed, rollback in 10mins", False),
    ]


def test_an_answer_ends_before_what_belongs_to_the_prompt() -> None:
    text = "a line\n\n# commit confirmed will be rolled back in 3 minutes\n{master:0}[edit]\ngwops@x# "
    assert answer_of(text) == "a line\n"
    assert answer_of("{primary:node0}\nroot> ") == ""
