"""What the router keeps of what is typed, and how it shows it; no sockets."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from gatekit.simulators.yamaha_rtx import load
from gatekit.simulators.yamaha_rtx.configuration import Configuration, Refused
from gatekit.simulators.yamaha_rtx.way_in import filters_pass, server_takes

INSIDE, OUTSIDE = IPv4Address("10.161.1.250"), IPv4Address("172.20.0.7")


def router(*lines: str) -> Configuration:
    made = Configuration()
    load(made, "\n".join(lines))
    return made


def test_the_order_is_the_routers_and_tunnels_are_indented():
    lines = (
        "sshd service on",
        "tunnel select 1",
        "tunnel enable 1",
        "ipsec tunnel 101",
        "ipsec ike hash 1 sha256",
        "tunnel select none",
        "ip route 10.2.0.0/16 gateway 10.0.0.2",
        "ip route 10.1.0.0/16 gateway 10.0.0.2",
        "console prompt kita",
    )
    assert router(*lines).text().splitlines() == [
        "console prompt kita",
        "ip route 10.1.0.0/16 gateway 10.0.0.2",
        "ip route 10.2.0.0/16 gateway 10.0.0.2",
        "tunnel select 1",
        " ipsec tunnel 101",
        "  ipsec ike hash 1 sha256",
        " tunnel enable 1",
        "sshd service on",
    ]


@pytest.mark.parametrize(
    "line", ["timezone +09:00", "telnetd service on", "console columns 80", "syslog notice off", "ngn type lan2 off"]
)
def test_a_default_is_taken_and_not_shown(line):
    assert router(line).text() == ""


def test_a_default_takes_another_value_away():
    assert router("telnetd service off", "telnetd service on").text() == ""


def test_secrets_are_shown_as_stars():
    shown = router("administrator password Word-1", "login user gwops Word-2", "login user suzuki encrypted abc")
    assert shown.text() == "administrator password *\nlogin user gwops *\nlogin user suzuki *\n"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("ip filtre 1 pass * *", "command"),
        ("ip filter 1 let * *", "keyword"),
        ("console prompt", "parameters"),
        ("ip lan1 address 10.161.252.5", "keyword"),
        ("ip route 10.300.0.0/16 gateway 10.0.0.2", "address"),
        ("ipsec ike hash 1 sha256", "tunnel"),
        ("no such thing", "command"),
    ],
)
def test_what_is_no_command_is_refused_with_its_reason(line, word):
    with pytest.raises(Refused) as refused:
        Configuration().take(line, 0)
    assert refused.value.word == word


def test_a_second_tunnel_has_lines_of_its_own():
    lines = ("tunnel select 1", "ip tunnel mtu 1400", "tunnel select 2", "ip tunnel mtu 1300", "no ip tunnel mtu")
    assert router(*lines).text() == "tunnel select 1\n ip tunnel mtu 1400\n"


def test_the_ssh_server_takes_whom_it_is_told_to():
    made = router("sshd service on", "sshd host 10.161.1.1-10.161.1.254 10.200.9.9")
    assert [server_takes(made, one) for one in (INSIDE, OUTSIDE)] == [True, False]
    assert not server_takes(router("sshd host any"), INSIDE)


def test_a_packet_meets_the_filters_of_the_interface_it_comes_in_by():
    made = router(
        "ip lan1 address 10.161.252.5/30",
        "ip filter 1 pass 10.161.1.0/24 10.161.252.5 tcp * 22",
        "ip filter 2 reject * * * * *",
        "ip lan1 secure filter in 1 2",
        "ip route 172.20.0.0/16 gateway tunnel 1 hide gateway null weight 0",
        "tunnel select 1",
        "ip tunnel secure filter in 2",
        "tunnel enable 1",
    )
    assert [filters_pass(made, one) for one in (INSIDE, OUTSIDE, IPv4Address("10.9.9.9"))] == [True, False, False]
    made.take("no ip tunnel secure filter in", 1)
    assert filters_pass(made, OUTSIDE)
    made.take("no tunnel enable 1", 1)
    assert not filters_pass(made, OUTSIDE)
