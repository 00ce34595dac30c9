"""Addresses and networks that are written wrongly, or that no host can have."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "address with a leading zero",
        edit={"l3_switch.address": "192.168.010.1"},
        expected=(
            (
                "GW104",
                "l3_switch.address",
                "192.168.010.1",
                "Write an IPv4 address without leading zeros, such as 10.161.4.10.",
            ),
        ),
    ),
    Case(
        "address in Arabic digits",
        edit={"l3_switch.address": "١٩٢.168.10.1"},
        expected=(
            (
                "GW104",
                "l3_switch.address",
                "١٩٢.168.10.1",
                "Write an IPv4 address without leading zeros, such as 10.161.4.10.",
            ),
        ),
    ),
    Case(
        "address as a number",
        edit={"l3_switch.address": 3232238081},
        expected=(
            (
                "GW104",
                "l3_switch.address",
                3232238081,
                "Write an IPv4 address without leading zeros, such as 10.161.4.10.",
            ),
        ),
    ),
    Case(
        "IPv6 where IPv4 belongs",
        edit={"l3_switch.address": "2001:db8::1"},
        expected=(
            (
                "GW104",
                "l3_switch.address",
                "2001:db8::1",
                "Write an IPv4 address without leading zeros, such as 10.161.4.10.",
            ),
        ),
    ),
    Case(
        "address with a prefix length",
        edit={"l3_switch.address": "192.168.10.1/24"},
        expected=(
            (
                "GW104",
                "l3_switch.address",
                "192.168.10.1/24",
                "Write an IPv4 address without leading zeros, such as 10.161.4.10.",
            ),
        ),
    ),
    Case(
        "network with host bits",
        edit={"networks[0].network": "192.168.20.10/24"},
        expected=(
            (
                "GW104",
                "networks[0].network",
                "192.168.20.10/24",
                "Write 192.168.20.0/24: the address has host bits.",
            ),
        ),
    ),
    Case(
        "network without a prefix length",
        edit={"networks[0].network": "192.168.20.0"},
        expected=(
            (
                "GW104",
                "networks[0].network",
                "192.168.20.0",
                "Write a network with its prefix length and no host bits, such as 10.161.4.0/24.",
            ),
        ),
    ),
    Case(
        "network with a netmask",
        edit={"networks[0].network": "192.168.20.0/255.255.255.0"},
        expected=(
            (
                "GW104",
                "networks[0].network",
                "192.168.20.0/255.255.255.0",
                "Write a network with its prefix length and no host bits, such as 10.161.4.0/24.",
            ),
        ),
    ),
    Case(
        "network with prefix length 33",
        edit={"networks[0].network": "192.168.20.0/33"},
        expected=(
            (
                "GW104",
                "networks[0].network",
                "192.168.20.0/33",
                "Write a network with its prefix length and no host bits, such as 10.161.4.0/24.",
            ),
        ),
    ),
    Case(
        "loopback network",
        edit={"networks[4]": {"name": "odd", "network": "127.0.0.0/8", "kind": "other"}},
        expected=(
            (
                "GW122",
                "networks[4].network",
                "127.0.0.0/8",
                "Use a network hosts can have.",
            ),
        ),
    ),
    Case(
        "multicast address",
        edit={"pacs[0].address": "224.0.0.1"},
        expected=(
            (
                "GW122",
                "pacs[0].address",
                "224.0.0.1",
                "Use an address a host can have.",
            ),
        ),
    ),
    Case(
        "broadcast address",
        edit={"pacs[0].address": "255.255.255.255"},
        expected=(
            (
                "GW122",
                "pacs[0].address",
                "255.255.255.255",
                "Use an address a host can have.",
            ),
        ),
    ),
)
