"""The simulated Cisco box talks like the real one, as far as the reference and public captures say."""

from __future__ import annotations

import time
from ipaddress import IPv4Address

import pytest

from gatekit.devices.cisco_ios import PLATFORM
from gatekit.simulators import Simulator
from gatekit.simulators.cisco_ios import words
from gatekit.simulators.cisco_ios.answers import shown
from gatekit.simulators.cisco_ios.device import parsed
from gatekit.simulators.cisco_ios.editing import Editing, Refused
from gatekit.simulators.cisco_ios.exec_mode import Command
from tests.unit.gatekit.devices.cisco_ios.boxes import PSK, cpe_part, fresh_box, planned_box, switch_box
from tests.unit.gatekit.simulators.client import read_until, shell


class Console:
    """One shell; ``type`` returns what the box says up to its next prompt."""

    def __init__(self, channel, end: str = "#") -> None:
        self.channel = channel
        read_until(channel, end)

    def type(self, line: str, end: str = "#") -> str:
        self.channel.send(line.encode() + b"\r")
        answer = read_until(self.channel, end, 20.0)
        return answer.replace("\r", "").split("\n", 1)[1].rsplit("\n", 1)[0]


@pytest.fixture
def router():
    with Simulator(planned_box(cpe_part(), speed=20.0)) as simulator:
        yield simulator


@pytest.fixture
def fresh():
    with Simulator(fresh_box(cpe_part(), speed=20.0)) as simulator:
        yield simulator


@pytest.mark.peer
def test_the_prompt_follows_the_mode(router):
    with shell(router) as channel:
        console = Console(channel, "cpe-higashi-a#")
        console.type("configure terminal", "cpe-higashi-a(config)#")
        console.type("crypto ikev2 profile GW-DC", "cpe-higashi-a(config-ikev2-profile)#")
        console.type("interface Gi0/0/1", "cpe-higashi-a(config-if)#")
        console.type("exit", "cpe-higashi-a(config)#")
        console.type("end", "cpe-higashi-a#")
        channel.send(b"conf t\r")
        read_until(channel, "(config)#")
        channel.send(b"\x1a")
        read_until(channel, "cpe-higashi-a#")


@pytest.mark.peer
def test_lines_that_it_does_not_know_are_refused_in_its_words(router):
    with shell(router) as channel:
        console = Console(channel)
        console.type("term len 0")
        assert console.type("sho runnin").endswith("end\n")
        assert "% Invalid input detected at '^' marker." in console.type("show nothing")
        assert "% Incomplete command." in console.type("show crypto")
        console.type("configure terminal")
        assert "% Invalid input" in console.type("ip rout 1.2.3.4")
        assert "% Incomplete command." in console.type("crypto ikev2")
        assert console.type("ip route 10.161.1.5 255.255.255.0 10.161.252.6") == "%Inconsistent address and mask"
        assert console.type("no ip route 10.9.0.0 255.255.0.0 10.161.252.6") == "%No matching route to delete"


@pytest.mark.parametrize(
    "line",
    [
        "no crypto ikev2 proposal GW-DC",
        "no crypto ikev2 profile GW-DC",
        "no crypto ikev2 keyring GW-DC",
        "no crypto ipsec transform-set GW-DC",
        "no crypto ipsec profile GW-DC",
        "no ip access-list extended GW-LAN-IN",
        "no ip access-list extended GW-TUNNEL",
        "no ip access-list standard GW-MGMT",
        "no ipv6 access-list GW-WAN6-IN",
    ],
)
def test_what_is_in_use_cannot_be_taken_away(line):
    box = planned_box(cpe_part())
    before = box.running_text()
    with pytest.raises(Refused):
        Editing(box.running).take(line)
    assert box.running_text() == before


@pytest.mark.peer
def test_the_timer_needs_an_archive_and_fires(fresh):
    with shell(fresh) as channel:
        console = Console(channel, "Router#")
        assert console.type("configure terminal revert timer 1") == words.ARCHIVE_OFF.strip()
        assert console.type("configure confirm") == words.NOT_PENDING.strip()
        for line in ("configure terminal", "archive", "path flash:x", "end"):
            console.type(line)
        assert "Backing up current running config to flash:x-0" in console.type("configure terminal revert timer 2")
        console.type("hostname tried", "tried(config)#")
        console.type("end", "tried#")
        assert "Timer value: 2 min\nUser: gwops" in console.type("show archive config rollback timer")
        time.sleep(120 / 20.0 + 0.3)
        assert fresh.run(lambda: fresh.device.host_name) == "Router"
        assert "Rollback will begin in one minute" in read_until(channel, "Rollback Done\r\n\r\n")
        console.type("", "Router#")
        assert console.type("show archive config rollback timer") == words.NOT_PENDING.strip()


@pytest.mark.peer
def test_a_confirmed_change_stays_and_a_reverted_one_goes_now(router):
    with shell(router) as channel:
        console = Console(channel)
        console.type("configure terminal revert timer 60")
        console.type("hostname kept", "kept(config)#")
        console.type("end", "kept#")
        assert console.type("configure terminal revert timer 60") == words.PENDING_ALREADY.strip()
        console.type("configure confirm")
        console.type("configure terminal revert timer 60")
        console.type("hostname gone", "gone(config)#")
        console.type("end", "gone#")
        assert "Rolling to:bootflash:gw-archive-1" in console.type("configure revert now", "kept#")


@pytest.mark.peer
def test_saving_is_what_survives_a_loss_of_power(router):
    with shell(router) as channel:
        console = Console(channel)
        console.type("configure terminal")
        console.type("hostname saved", "saved(config)#")
        console.type("end", "saved#")
        assert console.type("write memory") == "Building configuration...\n[OK]"
        console.type("configure terminal")
        console.type("hostname lost", "lost(config)#")
    router.power_cycle(1.0)
    time.sleep(0.3)
    assert router.run(lambda: router.device.host_name) == "saved"


@pytest.mark.peer
def test_copy_asks_for_the_file_name(router):
    with shell(router) as channel:
        console = Console(channel)
        assert console.type("copy running-config startup-config", "[startup-config]? ") == words.COPY_QUESTION
        assert console.type("") == "Building configuration...\n[OK]"


@pytest.mark.peer
def test_output_stops_at_the_pager(router):
    with shell(router) as channel:
        console = Console(channel)
        console.type("terminal length 24")
        channel.send(b"show running-config\r")
        assert read_until(channel, " --More-- ").count("\n") == 24
        channel.send(b"q")
        read_until(channel, "#")
        console.type("terminal length 0")
        assert console.type("show running-config").endswith("end\n")


@pytest.mark.peer
def test_an_account_is_only_removed_after_a_question(router):
    with shell(router) as channel:
        console = Console(channel)
        console.type("configure terminal")
        console.type("username second privilege 15 secret x")
        asked = console.type("no username second", "[confirm]")
        channel.send(b"n\r")
        read_until(channel, "#")
        assert asked == words.ACCOUNT_QUESTION
        assert "username second" in router.run(router.device.running_text)
        console.type("no username second", "[confirm]")
        channel.send(b"\r")
        read_until(channel, "#")
        assert "username second" not in router.run(router.device.running_text)


def test_secrets_are_shown_as_the_box_shows_them():
    box = planned_box(cpe_part(), master_key=True)
    text = box.running_text()
    assert PSK not in text
    assert "  pre-shared-key local 6 " in text
    assert "username gwops privilege 15 secret 9 $9$" in text
    assert f"pre-shared-key local {PSK}" in planned_box(cpe_part()).running_text()


def test_the_header_changes_at_every_read():
    box = planned_box(cpe_part())
    one, other = (shown(box, Command("show running-config")) for _ in range(2))
    assert one != other
    assert one.splitlines()[6:] == other.splitlines()[6:]


def test_a_list_is_kept_with_numbers_and_ports_by_name():
    typed = ("ip access-list extended X", " permit udp any eq 123 any eq 500", " 15 permit tcp any any eq 80")
    configuration = parsed("\n".join((*typed, " permit ip any any")), {})
    assert configuration.body() == (
        "ip access-list extended X\n 10 permit udp any eq ntp any eq isakmp\n 15 permit tcp any any eq www\n"
        " 20 permit ip any any\n!\n"
    )
    editing = Editing(configuration)
    editing.take("ip access-list extended X")
    with pytest.raises(Refused) as caught:
        editing.take("10 permit ip host 10.1.1.1 any")
    assert str(caught.value) == words.DUPLICATE_NUMBER
    editing.take("no 10")
    editing.take("no permit ip any any")
    assert configuration.body() == "ip access-list extended X\n 15 permit tcp any any eq www\n!\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("host 10.161.1.250 host 10.161.252.5 eq 22", "host 10.161.1.249 host 10.161.252.5 eq 22"),
        ("permit 10.161.1.250", "permit 10.161.1.249"),
        ("ip address 10.161.252.5 255.255.255.252", "ip address 10.161.252.13 255.255.255.252"),
        ("ip route 10.161.1.0 255.255.255.0 10.161.252.6", "ip route 10.161.1.0 255.255.255.0 Null0"),
        (" ip nat inside\n no shutdown\n", " ip nat inside\n shutdown\n"),
        (" transport input ssh", " transport input none"),
    ],
)
def test_a_configuration_can_shut_its_own_management_out(old, new):
    part = cpe_part()
    box = planned_box(part)
    assert box.allows_login_from(box.client_address)
    text = PLATFORM.render(part)
    assert old in text
    changed = planned_box(part, text.replace(old, new))
    assert not changed.allows_login_from(changed.client_address)


def test_support_comes_in_through_the_tunnel_only_while_it_is_whole():
    box = planned_box(cpe_part())
    assert box.allows_login_from(IPv4Address("10.200.9.7"))
    assert not box.allows_login_from(IPv4Address("10.200.8.7"))
    Editing(box.running).take("interface Tunnel10")
    editing = Editing(box.running)
    editing.take("interface Tunnel10")
    editing.take("shutdown")
    assert not box.allows_login_from(IPv4Address("10.200.9.7"))


def test_the_hospitals_switch_has_what_is_the_hospitals():
    text = switch_box().running_text()
    for line in ("router ospf 1", "interface Vlan20", "ip route 192.168.99.0 255.255.255.0 192.168.20.9 name THEIRS"):
        assert line in text
