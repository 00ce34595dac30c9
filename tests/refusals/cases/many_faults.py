"""Faults of many kinds at once, each said."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
    Case(
        "faults of many kinds at once",
        edit={
            "hospital.id": "KITA",
            "dmz.netwrok": "10.161.4.0/24",
            "pacs[0].port": 0,
            "vpn.line.global_address": REMOVED,
            "l3_switch.managed_by": "vendor",
        },
        expected=(
            (
                "GW110",
                "hospital.id",
                "KITA",
                "Use 2 to 16 small letters and digits, a letter first, such as kita.",
            ),
            (
                "GW102",
                "dmz.netwrok",
                "netwrok",
                "Did you mean `network`?",
            ),
            (
                "GW104",
                "l3_switch.managed_by",
                "vendor",
                "Did you mean network_vendor? Use one of: us, network_vendor.",
            ),
            (
                "GW131",
                "vpn.line.global_address",
                "missing",
                "Give the line's one global IPv4 address (VPN-4).",
            ),
            (
                "GW105",
                "pacs[0].port",
                0,
                "Use 1 or more.",
            ),
        ),
    ),
    Case(
        "broken rules of many kinds at once",
        edit={
            "trust.firewall_address": "192.168.11.5",
            "firewall.product": "pix",
            "networks[1].name": "his",
            "appliance.memory_gb": 16,
            "proxy.clients": ["ward"],
            "dmz.network": "192.168.20.0/24",
        },
        expected=(
            (
                "GW120",
                "dmz.network",
                "192.168.20.0/24 overlaps 192.168.20.0/24 (networks[0].network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
            (
                "GW123",
                "dmz.network",
                "192.168.20.0/24",
                ("Use 10.16X.XXX.0/24 (NW-1), or give outside_10_16x_because: why it could not be used here (NW-2)."),
            ),
            (
                "GW121",
                "trust.firewall_address",
                "192.168.11.5",
                "Use an address in 192.168.10.0/24 (trust.network).",
            ),
            (
                "GW111",
                "networks[1].name",
                "his",
                "Use another: networks[0].name has this one.",
            ),
            (
                "GW112",
                "proxy.clients[0]",
                "ward",
                "Use the name of a network of kind his_clients.",
            ),
            (
                "GW130",
                "firewall.product",
                "pix",
                "Use one of: fortigate, juniper_srx, linux.",
            ),
            (
                "GW140",
                "appliance.memory_gb",
                16,
                "Use a server with 34 GB or more: the virtual machines and ESXi need them.",
            ),
        ),
    ),
)
