"""Networks that overlap, and a DMZ outside the pool it comes from (NW-1, NW-2)."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "DMZ overlaps a hospital network",
        edit={"networks[4]": {"name": "wards", "network": "10.161.0.0/16", "kind": "other"}},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.4.0/24 overlaps 10.161.0.0/16 (networks[4].network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "DMZ overlaps all of 10",
        edit={"networks[4]": {"name": "wards", "network": "10.0.0.0/8", "kind": "other"}},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.4.0/24 overlaps 10.0.0.0/8 (networks[4].network)",
                "Assign a free /24 outside 10.16X and say why in outside_10_16x_because (NW-2).",
            ),
            (
                "GW120",
                "networks[4].network",
                "10.0.0.0/8 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                (
                    "Correct it; if the hospital really uses it, ask the data centre for other "
                    "addresses before going on."
                ),
            ),
        ),
    ),
    Case(
        "DMZ overlaps TRUST",
        edit={
            "trust.network": "10.161.4.0/25",
            "trust.firewall_address": "10.161.4.5",
            "l3_switch.address": "10.161.4.1",
        },
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.4.0/24 overlaps 10.161.4.0/25 (trust.network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "DMZ overlaps the line",
        edit={"dmz.network": "198.51.100.0/24", "dmz.outside_10_16x_because": "a test"},
        expected=(
            (
                "GW120",
                "dmz.network",
                "198.51.100.0/24 overlaps 198.51.100.0/26 (vpn.line.network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "DMZ overlaps the data centre",
        edit={"dmz.network": "10.200.4.0/24", "dmz.outside_10_16x_because": "a test"},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.200.4.0/24 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "DMZ overlaps another service",
        pattern=1,
        edit={"vpn.other_services[0].network": "10.161.1.64/28"},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.1.0/24 overlaps 10.161.1.64/28 (vpn.other_services[0].network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "DMZ where transit networks are",
        edit={"dmz.network": "10.161.253.0/24"},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.253.0/24",
                ("Use a third octet of 251 or less: those above are for networks between firewall and CPE."),
            ),
        ),
    ),
    Case(
        "DMZ overlaps its own transit network",
        pattern=1,
        edit={"dmz.network": "10.20.255.0/24", "dmz.outside_10_16x_because": "a test"},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.20.255.252/30 overlaps 10.20.255.0/24 (dmz.network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "transit network overlaps a hospital network",
        pattern=2,
        edit={"networks[4]": {"name": "wards", "network": "10.161.252.0/24", "kind": "other"}},
        expected=(
            (
                "GW120",
                "dmz.network",
                "10.161.252.8/30 overlaps 10.161.252.0/24 (networks[4].network)",
                "Use 10.160.1.0/24, the first free network of 10.16X.",
            ),
        ),
    ),
    Case(
        "TRUST overlaps a hospital network",
        edit={"networks[0].network": "192.168.0.0/19"},
        expected=(
            (
                "GW120",
                "networks[0].network",
                "192.168.0.0/19 overlaps 192.168.10.0/24 (trust.network)",
                "Correct the one that is written wrongly.",
            ),
            (
                "GW120",
                "networks[1].network",
                "192.168.30.0/24 overlaps 192.168.0.0/19 (networks[0].network)",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "two hospital networks overlap",
        edit={"networks[1].network": "192.168.20.128/25", "pacs[0].address": "192.168.20.200"},
        expected=(
            (
                "GW120",
                "networks[1].network",
                "192.168.20.128/25 overlaps 192.168.20.0/24 (networks[0].network)",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "hospital network overlaps the line",
        edit={"networks[4]": {"name": "guests", "network": "198.51.0.0/16", "kind": "other"}},
        expected=(
            (
                "GW120",
                "networks[4].network",
                "198.51.0.0/16 overlaps 198.51.100.0/26 (vpn.line.network)",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "hospital network overlaps another service",
        pattern=1,
        edit={"networks[4]": {"name": "guests", "network": "203.0.113.64/26", "kind": "other"}},
        expected=(
            (
                "GW120",
                "vpn.other_services[0].network",
                "203.0.113.64/28 overlaps 203.0.113.64/26 (networks[4].network)",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "hospital network overlaps the data centre",
        edit={"networks[4]": {"name": "wards", "network": "10.200.0.0/24", "kind": "other"}},
        expected=(
            (
                "GW120",
                "networks[4].network",
                "10.200.0.0/24 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                (
                    "Correct it; if the hospital really uses it, ask the data centre for other "
                    "addresses before going on."
                ),
            ),
        ),
    ),
    Case(
        "line overlaps the data centre",
        edit={
            "vpn.line.network": "10.200.3.0/24",
            "vpn.line.global_address": "10.200.3.10",
            "vpn.line.gateway": "10.200.3.1",
        },
        expected=(
            (
                "GW120",
                "vpn.line.network",
                "10.200.3.0/24 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                (
                    "Correct it; if the hospital really uses it, ask the data centre for other "
                    "addresses before going on."
                ),
            ),
            (
                "GW131",
                "vpn.line.global_address",
                "10.200.3.10",
                "Give a global IPv4 address: pattern 4 needs one (VPN-4).",
            ),
        ),
    ),
    Case(
        "hospital network holds the VPN peer",
        edit={"networks[4]": {"name": "wards", "network": "203.0.113.0/24", "kind": "other"}},
        expected=(
            (
                "GW120",
                "networks[4].network",
                "203.0.113.0/24 overlaps 203.0.113.10/32 (data_centre.peers.internet.ipv4)",
                (
                    "Correct it; if the hospital really uses it, ask the data centre for other "
                    "addresses before going on."
                ),
            ),
        ),
    ),
    Case(
        "DMZ outside 10.16X without a reason",
        edit={"dmz.network": "172.16.5.0/24"},
        expected=(
            (
                "GW123",
                "dmz.network",
                "172.16.5.0/24",
                ("Use 10.16X.XXX.0/24 (NW-1), or give outside_10_16x_because: why it could not be used here (NW-2)."),
            ),
        ),
    ),
    Case(
        "DMZ below the pool without a reason",
        edit={"dmz.network": "10.159.4.0/24"},
        expected=(
            (
                "GW123",
                "dmz.network",
                "10.159.4.0/24",
                ("Use 10.16X.XXX.0/24 (NW-1), or give outside_10_16x_because: why it could not be used here (NW-2)."),
            ),
        ),
    ),
)
