"""What is the same in reading every L3 switch's configuration."""

from __future__ import annotations

import re
from ipaddress import IPv4Network

from gatekit.devices.change.switch_reading import AT_THE_MARGIN, learnt_rows, networks_up, settled_lines

ADDRESS = re.compile(r"ip address ([\d.]+)(?:/| )([\d.]+)")
CONFIGURATION = """\
hostname hosp
interface vlan10
 ip address 192.168.10.1/24
interface vlan20
 ip address 192.168.20.1 255.255.255.0
 shutdown
interface vlan30
 vrf guests
 ip address 192.168.30.1/24
interface vlan40
 ip address 192.168.40.1 255.255.255.0
ip address 192.168.50.1/24
"""


def test_what_stands_between_the_groups_of_a_secret_is_hidden_and_the_rest_stays() -> None:
    secrets = (re.compile(r"(.* key) \S+(.*)"), re.compile(r"(community) \S+"))
    shown = "tacacs key hunter2 port 49\r\n\r\ncommunity hunter2  \r\ncommunity\r\n"
    assert settled_lines(shown, secrets=secrets) == "tacacs key <hidden> port 49\ncommunity <hidden>\ncommunity\n"


def test_lines_that_the_box_writes_of_its_own_accord_are_left_out() -> None:
    shown = "! written at 09:00\nhostname hosp\n interface of !\n"
    assert settled_lines(shown, secrets=(), by_itself=re.compile(r"!")) == "hostname hosp\n interface of !\n"


def test_networks_are_those_of_interfaces_that_are_up_and_in_the_global_table() -> None:
    found = networks_up(CONFIGURATION, address=ADDRESS, elsewhere=re.compile(r"vrf "), between=AT_THE_MARGIN)
    assert list(found) == [IPv4Network("192.168.10.0/24"), IPv4Network("192.168.40.0/24")]


def test_an_interface_that_is_elsewhere_by_its_name_counts_for_nothing() -> None:
    elsewhere = re.compile(r"vrf |interface vlan10$")
    found = networks_up(CONFIGURATION, address=ADDRESS, elsewhere=elsewhere, between=AT_THE_MARGIN)
    assert list(found) == [IPv4Network("192.168.40.0/24")]


def test_rows_of_configured_routes_are_not_learnt() -> None:
    row = re.compile(r"(?P<protocol>\w) +(?P<network>[\d.]+/\d+)")
    table = "Codes: S - static\nS  10.0.0.0/8 via 192.168.10.2\nO  10.161.4.0/25   via 192.168.10.3\n"
    found = [(str(one.network), one.row) for one in learnt_rows(table, row=row, configured={"S"})]
    assert found == [("10.161.4.0/25", "O 10.161.4.0/25 via 192.168.10.3")]
