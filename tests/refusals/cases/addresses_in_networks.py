"""Addresses outside their network, at its end, taken, or not of the kind they have to be (NW-3, VPN-4)."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "TRUST address outside its network",
        edit={"trust.firewall_address": "192.168.11.5"},
        expected=(
            (
                "GW121",
                "trust.firewall_address",
                "192.168.11.5",
                "Use an address in 192.168.10.0/24 (trust.network).",
            ),
        ),
    ),
    Case(
        "L3 switch outside TRUST",
        edit={"l3_switch.address": "192.168.20.1"},
        expected=(
            (
                "GW121",
                "l3_switch.address",
                "192.168.20.1",
                "Use an address in 192.168.10.0/24 (trust.network).",
            ),
        ),
    ),
    Case(
        "firewall and L3 switch share an address",
        edit={"l3_switch.address": "192.168.10.5"},
        expected=(
            (
                "GW122",
                "l3_switch.address",
                "192.168.10.5",
                "Use another address: trust.firewall_address has this one.",
            ),
        ),
    ),
    Case(
        "TRUST address is the broadcast address",
        edit={"trust.firewall_address": "192.168.10.255"},
        expected=(
            (
                "GW122",
                "trust.firewall_address",
                "192.168.10.255",
                "Use a host address: this is an end of 192.168.10.0/24.",
            ),
        ),
    ),
    Case(
        "TRUST of one address",
        edit={"trust.network": "192.168.10.5/32"},
        expected=(
            (
                "GW121",
                "l3_switch.address",
                "192.168.10.1",
                "Use an address in 192.168.10.5/32 (trust.network).",
            ),
        ),
    ),
    Case(
        "linked system outside every network",
        edit={"linked_systems[0].address": "192.168.99.10"},
        expected=(
            (
                "GW121",
                "linked_systems[0].address",
                "192.168.99.10",
                "Use an address in one of `networks`, or add its network.",
            ),
        ),
    ),
    Case(
        "linked system in TRUST",
        edit={"linked_systems[0].address": "192.168.10.20"},
        expected=(
            (
                "GW121",
                "linked_systems[0].address",
                "192.168.10.20",
                ("Give the system an address behind the L3 switch: no hospital system stands in trust.network."),
            ),
        ),
    ),
    Case(
        "PACS in the DMZ",
        edit={"pacs[0].address": "10.161.4.40"},
        expected=(
            (
                "GW121",
                "pacs[0].address",
                "10.161.4.40",
                ("Give the system an address behind the L3 switch: no hospital system stands in dmz.network."),
            ),
        ),
    ),
    Case(
        "PACS at the end of its network",
        edit={"pacs[0].address": "192.168.30.0"},
        expected=(
            (
                "GW122",
                "pacs[0].address",
                "192.168.30.0",
                "Use a host address: this is an end of 192.168.30.0/24.",
            ),
        ),
    ),
    Case(
        "two systems on one port",
        edit={"linked_systems[1].direction": "from_gateway", "linked_systems[1].port": 2575},
        expected=(
            (
                "GW122",
                "linked_systems[1].port",
                2575,
                "Use another address or port: linked_systems[0] has this one.",
            ),
        ),
    ),
    Case(
        "PACS twice",
        edit={"pacs[1]": {"name": "second", "ae_title": "SECOND", "address": "192.168.30.10", "port": 104}},
        expected=(
            (
                "GW122",
                "pacs[1].port",
                104,
                "Use another address or port: pacs[0] has this one.",
            ),
        ),
    ),
    Case(
        "linked system on the port of the archive",
        edit={"linked_systems[1].port": 11112},
        expected=(
            (
                "GW122",
                "linked_systems[1].port",
                11112,
                "Use another address or port: archive has this one.",
            ),
        ),
    ),
    Case(
        "archive on the port of SSH",
        edit={"archive.port": 22},
        expected=(
            (
                "GW122",
                "archive.port",
                22,
                "Use another address or port: the SSH server of VM1 has this one.",
            ),
        ),
    ),
    Case(
        "line address outside the line",
        edit={"vpn.line.global_address": "198.51.100.70"},
        expected=(
            (
                "GW121",
                "vpn.line.global_address",
                "198.51.100.70",
                "Use an address in 198.51.100.0/26 (vpn.line.network).",
            ),
        ),
    ),
    Case(
        "gateway is our own address",
        edit={"vpn.line.gateway": "198.51.100.10"},
        expected=(
            (
                "GW122",
                "vpn.line.gateway",
                "198.51.100.10",
                "Use the provider's router; the global address is the firewall's.",
            ),
        ),
    ),
    Case(
        "private address as the global one",
        edit={
            "vpn.line.network": "192.168.99.0/29",
            "vpn.line.global_address": "192.168.99.2",
            "vpn.line.gateway": "192.168.99.1",
        },
        expected=(
            (
                "GW131",
                "vpn.line.global_address",
                "192.168.99.2",
                "Give a global IPv4 address: pattern 4 needs one (VPN-4).",
            ),
        ),
    ),
    Case(
        "carrier-grade NAT address as the global one",
        edit={
            "vpn.line.network": "100.64.8.0/29",
            "vpn.line.global_address": "100.64.8.2",
            "vpn.line.gateway": "100.64.8.1",
        },
        expected=(
            (
                "GW131",
                "vpn.line.global_address",
                "100.64.8.2",
                "Give a global IPv4 address: pattern 4 needs one (VPN-4).",
            ),
        ),
    ),
)
