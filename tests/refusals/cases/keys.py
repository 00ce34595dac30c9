"""Misspelt and missing keys."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
    Case(
        "misspelt key at the top",
        edit={"trust": REMOVED, "trsut": {"network": "192.168.10.0/24", "firewall_address": "192.168.10.5"}},
        expected=(
            (
                "GW103",
                "trust",
                "missing",
                "Give trust: The network between our firewall and the hospital's L3 switch (NW-3).",
            ),
            (
                "GW102",
                "trsut",
                "trsut",
                "Did you mean `trust`?",
            ),
        ),
    ),
    Case(
        "misspelt key with the near miss named",
        edit={"linked_systems[0].adress": "192.168.20.10"},
        expected=(
            (
                "GW102",
                "linked_systems[0].adress",
                "adress",
                "Did you mean `address`?",
            ),
        ),
    ),
    Case(
        "misspelt key in the VPN",
        edit={"vpn.line.globaladdress": "198.51.100.10"},
        expected=(
            (
                "GW102",
                "vpn.line.globaladdress",
                "globaladdress",
                "Did you mean `global_address`?",
            ),
        ),
    ),
    Case(
        "key with a Cyrillic letter that looks alike",
        edit={"p\u0430cs": []},
        expected=(("GW102", "p\u0430cs", "p\u0430cs", "Did you mean `pacs`?"),),
    ),
    Case(
        "a key of nowhere",
        edit={"dmz.colour": "blue"},
        expected=(
            (
                "GW102",
                "dmz.colour",
                "colour",
                "Remove it; the keys here are network, outside_10_16x_because.",
            ),
        ),
    ),
    Case(
        "key of another kind of boundary",
        edit={"boundary": {"kind": "vlan", "vlan": 310}},
        expected=(
            (
                "GW103",
                "boundary.vlan_id",
                "missing",
                "Give vlan_id: The VLAN's number.",
            ),
            (
                "GW102",
                "boundary.vlan",
                "vlan",
                "Did you mean `vlan_id`?",
            ),
        ),
    ),
    Case(
        "required section missing",
        edit={"archive": REMOVED},
        expected=(
            (
                "GW103",
                "archive",
                "missing",
                "Give archive: The Gateway's own DICOM archive.",
            ),
        ),
    ),
    Case(
        "required key missing in a list",
        edit={"networks[2].kind": REMOVED},
        expected=(
            (
                "GW103",
                "networks[2].kind",
                "missing",
                "Give kind: What stands in it; his_clients: HIS terminals that may use the proxy.",
            ),
        ),
    ),
)
