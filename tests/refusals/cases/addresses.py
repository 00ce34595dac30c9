"""Networks that overlap and addresses that are wrong, unusable or taken (NW-1 .. NW-3)."""

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
        "boundary firewall outside TRUST",
        edit={"boundary": {"kind": "hospital_firewall", "product": "ASA", "address": "192.168.20.2"}},
        expected=(
            (
                "GW121",
                "boundary.address",
                "192.168.20.2",
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
        "boundary firewall has the switch address",
        edit={"boundary": {"kind": "hospital_firewall", "product": "ASA", "address": "192.168.10.1"}},
        expected=(
            (
                "GW122",
                "boundary.address",
                "192.168.10.1",
                "Use another address: l3_switch.address has this one.",
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
