"""Numbers and networks out of range."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
    Case(
        "port zero",
        edit={"pacs[0].port": 0},
        expected=(
            (
                "GW105",
                "pacs[0].port",
                0,
                "Use 1 or more.",
            ),
        ),
    ),
    Case(
        "port 65536",
        edit={"linked_systems[0].port": 65536},
        expected=(
            (
                "GW105",
                "linked_systems[0].port",
                65536,
                "Use 65535 or less.",
            ),
        ),
    ),
    Case(
        "three facilities a day",
        edit={"schedule.rollout_facilities_per_day": 3},
        expected=(
            (
                "GW105",
                "schedule.rollout_facilities_per_day",
                3,
                "Use 2 or less.",
            ),
        ),
    ),
    Case(
        "VLAN 1",
        edit={"boundary": {"kind": "vlan", "vlan_id": 1}},
        expected=(
            (
                "GW105",
                "boundary.vlan_id",
                1,
                "Use 2 or more.",
            ),
        ),
    ),
    Case(
        "VLAN 4095",
        edit={"boundary": {"kind": "vlan", "vlan_id": 4095}},
        expected=(
            (
                "GW105",
                "boundary.vlan_id",
                4095,
                "Use 4094 or less.",
            ),
        ),
    ),
    Case(
        "nine moves at once",
        edit={"pacs[0].parallel_moves": 9},
        expected=(
            (
                "GW105",
                "pacs[0].parallel_moves",
                9,
                "Use 8 or less.",
            ),
        ),
    ),
    Case(
        "published for no month",
        edit={"publication.categories[0].months": 0},
        expected=(
            (
                "GW105",
                "publication.categories[0].months",
                0,
                "Use 1 or more.",
            ),
        ),
    ),
    Case(
        "a facility without terminals",
        edit={"viewing_facilities[0].terminals": 0},
        expected=(
            (
                "GW105",
                "viewing_facilities[0].terminals",
                0,
                "Use 1 or more.",
            ),
        ),
    ),
    Case(
        "DMZ is a 23",
        edit={"dmz.network": "10.161.4.0/23"},
        expected=(
            (
                "GW105",
                "dmz.network",
                "10.161.4.0/23",
                "The DMZ is a /24, such as 10.161.4.0/24 (NW-1).",
            ),
        ),
    ),
    Case(
        "network of everything",
        edit={"networks[0].network": "0.0.0.0/0"},
        expected=(
            (
                "GW105",
                "networks[0].network",
                "0.0.0.0/0",
                "Use a prefix length of 8 or more.",
            ),
        ),
    ),
)
