"""What the hospital puts between its network and ours, written so that no packet could find its way (NW-5)."""

from __future__ import annotations

from typing import Any

from tests.refusals.case import REMOVED, Case


def behind_a_firewall(switch: str = "192.168.11.1", **changes: str) -> dict[str, Any]:
    """Return the edits that put a hospital firewall before the L3 switch, one fact of them wrong."""
    boundary = {
        "kind": "hospital_firewall",
        "product": "ASA",
        "address": "192.168.10.2",
        "inside_network": "192.168.11.0/29",
        "inside_address": "192.168.11.2",
    }
    return {"l3_switch.address": switch, "boundary": boundary | changes}


CASES = (
    Case(
        "boundary firewall outside TRUST",
        edit=behind_a_firewall(address="192.168.20.2"),
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
        "boundary firewall has our firewall's address",
        edit=behind_a_firewall(address="192.168.10.5"),
        expected=(
            (
                "GW122",
                "boundary.address",
                "192.168.10.5",
                "Use another address: trust.firewall_address has this one.",
            ),
        ),
    ),
    Case(
        "L3 switch before the boundary firewall",
        edit=behind_a_firewall("192.168.10.1"),
        expected=(
            (
                "GW121",
                "l3_switch.address",
                "192.168.10.1",
                "Use an address in 192.168.11.0/29 (boundary.inside_network).",
            ),
        ),
    ),
    Case(
        "boundary firewall has the L3 switch's address",
        edit=behind_a_firewall(inside_address="192.168.11.1"),
        expected=(
            (
                "GW122",
                "boundary.inside_address",
                "192.168.11.1",
                "Use another address: l3_switch.address has this one.",
            ),
        ),
    ),
    Case(
        "network behind the boundary firewall overlaps a hospital network",
        edit=behind_a_firewall("192.168.30.1", inside_network="192.168.30.0/29", inside_address="192.168.30.2"),
        expected=(
            (
                "GW120",
                "networks[1].network",
                "192.168.30.0/24 overlaps 192.168.30.0/29 (boundary.inside_network)",
                "Correct the one that is written wrongly.",
            ),
        ),
    ),
    Case(
        "nobody to ask for the VLAN",
        edit={"boundary": {"kind": "vlan", "vlan_id": 310}, "contacts[1]": REMOVED},
        expected=(
            (
                "GW103",
                "contacts",
                "missing",
                "Give a contact with role network_vendor.",
            ),
        ),
    ),
)
