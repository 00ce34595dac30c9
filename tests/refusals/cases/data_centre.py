"""Faults of the data centre's file."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
    Case(
        "empty file of the data centre",
        file="data_centre.yml",
        raw=b"",
        expected=(
            (
                "GW101",
                "data_centre.yml",
                "empty",
                "Fill the file; inventories/README.md says how.",
            ),
        ),
    ),
    Case(
        "misspelt key in the file of the data centre",
        file="data_centre.yml",
        edit={"portl": 1},
        expected=(
            (
                "GW102",
                "data_centre.portl",
                "portl",
                "Did you mean `portal`?",
            ),
        ),
    ),
    Case(
        "services outside the networks",
        file="data_centre.yml",
        edit={"services": "10.201.9.10"},
        expected=(
            (
                "GW121",
                "data_centre.services",
                "10.201.9.10",
                "Use an address in one of its `networks`.",
            ),
        ),
    ),
    Case(
        "services at the end of a network",
        file="data_centre.yml",
        edit={"services": "10.200.0.0"},
        expected=(
            (
                "GW122",
                "data_centre.services",
                "10.200.0.0",
                "Use a host address: this is an end of 10.200.0.0/16.",
            ),
        ),
    ),
    Case(
        "portal outside the networks",
        file="data_centre.yml",
        edit={"portal.address": "203.0.113.21"},
        expected=(
            (
                "GW121",
                "data_centre.portal.address",
                "203.0.113.21",
                "Use an address in one of its `networks`.",
            ),
        ),
    ),
    Case(
        "portal has the address of the services",
        file="data_centre.yml",
        edit={"portal.address": "10.200.9.10"},
        expected=(
            (
                "GW122",
                "data_centre.portal.address",
                "10.200.9.10",
                "Use another address: data_centre.services has this one.",
            ),
        ),
    ),
    Case(
        "public address of the portal inside",
        file="data_centre.yml",
        edit={"portal.public_address": "10.200.1.10"},
        expected=(
            (
                "GW121",
                "data_centre.portal.public_address",
                "10.200.1.10",
                "Use the portal's address on the Internet.",
            ),
        ),
    ),
    Case(
        "operations outside the networks",
        file="data_centre.yml",
        edit={"operations": "10.201.9.0/24"},
        expected=(
            (
                "GW121",
                "data_centre.operations",
                "10.201.9.0/24",
                "Use a network inside one of `networks`.",
            ),
        ),
    ),
    Case(
        "networks of the data centre overlap",
        file="data_centre.yml",
        edit={"networks[1]": "10.200.128.0/17"},
        expected=(
            (
                "GW120",
                "data_centre.networks[1]",
                "10.200.128.0/17 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "VPN peer inside the tunnel",
        file="data_centre.yml",
        edit={"peers.internet.ipv4": "10.200.0.10"},
        expected=(
            (
                "GW120",
                "data_centre.peers.internet.ipv4",
                "10.200.0.10/32 overlaps 10.200.0.0/16 (data_centre.networks[0])",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "no IPv4 peer for pattern 4",
        file="data_centre.yml",
        edit={"peers.internet.ipv4": REMOVED},
        expected=(
            (
                "GW131",
                "data_centre.peers.internet.ipv4",
                "missing",
                "Give the address: pattern 4 reaches the data centre over IPv4.",
            ),
        ),
    ),
    Case(
        "no IPv6 peer for pattern 2",
        file="data_centre.yml",
        pattern=2,
        edit={"peers.closed_network.ipv6": REMOVED},
        expected=(
            (
                "GW131",
                "data_centre.peers.closed_network.ipv6",
                "missing",
                "Give the address: pattern 2 reaches the data centre over IPv6.",
            ),
        ),
    ),
    Case(
        "IPv6 peer that is link-local",
        file="data_centre.yml",
        edit={"peers.internet.ipv6": "fe80::1"},
        expected=(
            (
                "GW122",
                "data_centre.peers.internet.ipv6",
                "fe80::1",
                "Use a global IPv6 address a host can have, without a zone.",
            ),
        ),
    ),
    Case(
        "IPv6 peer that is IPv4",
        file="data_centre.yml",
        edit={"peers.internet.ipv6": "203.0.113.10"},
        expected=(
            (
                "GW104",
                "data_centre.peers.internet.ipv6",
                "203.0.113.10",
                "Write an IPv6 address such as 2001:db8::10.",
            ),
        ),
    ),
    Case(
        "one identity for two peers",
        file="data_centre.yml",
        edit={"peers.closed_network.identity": "dc-gw.idlink.example.jp"},
        expected=(
            (
                "GW111",
                "data_centre.peers.closed_network.identity",
                "dc-gw.idlink.example.jp",
                "Use another: data_centre.peers.internet.identity has this one.",
            ),
        ),
    ),
    Case(
        "operator is root",
        file="data_centre.yml",
        edit={"operator_account": "root"},
        expected=(
            (
                "GW110",
                "data_centre.operator_account",
                "root",
                "Use an account of its own, such as gwops: the system has this one.",
            ),
        ),
    ),
    Case(
        "operator with a hyphen",
        file="data_centre.yml",
        edit={"operator_account": "gw-ops"},
        expected=(
            (
                "GW110",
                "data_centre.operator_account",
                "gw-ops",
                "Use 3 to 16 small letters and digits, a letter first, such as gwops.",
            ),
        ),
    ),
    Case(
        "suite with a blank",
        file="data_centre.yml",
        edit={"mirror.suite": "trixie main"},
        expected=(
            (
                "GW110",
                "data_centre.mirror.suite",
                "trixie main",
                "Write a Debian suite such as trixie, or ./ for a flat mirror.",
            ),
        ),
    ),
    Case(
        "component with a line break",
        file="data_centre.yml",
        edit={"mirror.components": ["main\ndeb http://x"]},
        expected=(
            (
                "GW110",
                "data_centre.mirror.components[0]",
                "main\ndeb http://x",
                "Write a Debian component such as main.",
            ),
        ),
    ),
    Case(
        "mirror over ftp",
        file="data_centre.yml",
        edit={"mirror.url": "ftp://mirror.idlink.example.jp"},
        expected=(
            (
                "GW110",
                "data_centre.mirror.url",
                "ftp://mirror.idlink.example.jp",
                ("Write a URL such as http://mirror.idlink.example.jp/debian, without account, query or blanks."),
            ),
        ),
    ),
    Case(
        "flat mirror with components",
        file="data_centre.yml",
        edit={"mirror.components": ["main", "contrib"]},
        expected=(
            (
                "GW104",
                "data_centre.mirror.components",
                "main, contrib",
                "Write []: a flat mirror (./) has no components (sources.list(5)).",
            ),
        ),
    ),
    Case(
        "suite without components",
        file="data_centre.yml",
        edit={"mirror.suite": "trixie"},
        expected=(
            (
                "GW105",
                "data_centre.mirror.components",
                "an empty list",
                "Give at least one, such as main: suite trixie has them.",
            ),
        ),
    ),
    Case(
        "domain with a capital",
        file="data_centre.yml",
        edit={"domain": "Idlink.example.jp"},
        expected=(
            (
                "GW110",
                "data_centre.domain",
                "Idlink.example.jp",
                "Use a full host name in lower case, such as portal.idlink.example.jp.",
            ),
        ),
    ),
    Case(
        "support without hours",
        file="data_centre.yml",
        edit={"support.hours": REMOVED},
        expected=(
            (
                "GW103",
                "data_centre.support.hours",
                "missing",
                "Give hours: Hours of support.",
            ),
        ),
    ),
)
