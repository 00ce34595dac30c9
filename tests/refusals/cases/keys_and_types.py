"""Misspelt and missing keys, and values of the wrong type."""

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
    Case(
        "nothing after the colon",
        edit={"hospital.stage": None},
        expected=(
            (
                "GW104",
                "hospital.stage",
                "empty",
                "Use one of: staging, live.",
            ),
        ),
    ),
    Case(
        "section is a list",
        edit={"dmz": ["10.161.4.0/24"]},
        expected=(
            (
                "GW104",
                "dmz",
                "a list",
                "Write a mapping (key: value).",
            ),
        ),
    ),
    Case(
        "section is text",
        edit={"vpn": "pattern4"},
        expected=(
            (
                "GW104",
                "vpn",
                "pattern4",
                "Write a mapping (key: value).",
            ),
        ),
    ),
    Case(
        "list is a mapping",
        edit={"networks": {"his": "192.168.20.0/24"}},
        expected=(
            (
                "GW104",
                "networks",
                "a mapping",
                "Write a list, one `- item` a line.",
            ),
        ),
    ),
    Case(
        "list is text",
        edit={"proxy.clients": "clients"},
        expected=(
            (
                "GW104",
                "proxy.clients",
                "clients",
                "Write a list, one `- item` a line.",
            ),
        ),
    ),
    Case(
        "list is empty",
        edit={"networks": [], "proxy.clients": []},
        expected=(
            (
                "GW105",
                "networks",
                "an empty list",
                "Give at least 1.",
            ),
            (
                "GW105",
                "proxy.clients",
                "an empty list",
                "Give at least 1.",
            ),
        ),
    ),
    Case(
        "text is a number",
        edit={"vpn.line.provider": 12345},
        expected=(
            (
                "GW104",
                "vpn.line.provider",
                12345,
                "Write text, in quotes when it looks like a number, a date or yes/no.",
            ),
        ),
    ),
    Case(
        "text is yes",
        swap={"en: Kita General Hospital": "en: no"},
        expected=(
            (
                "GW104",
                "hospital.name.en",
                False,
                "Write text, in quotes when it looks like a number, a date or yes/no.",
            ),
        ),
    ),
    Case(
        "number in quotes",
        edit={"pacs[0].port": "104"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                "104",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number with a leading zero",
        swap={"port: 104": "port: 0104"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                "0104",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number in base 60",
        swap={"port: 104": "port: 1:44"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                "1:44",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number with underscores",
        swap={"port: 104": "port: 1_04"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                "1_04",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number of sixty digits",
        swap={"port: 104": "port: 999999999999999999999999999999999999999999999999999999999999"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                "999999999999999999999999999999999999999999999999999999999999",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "not a number",
        swap={"port: 104": "port: .nan"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                ".nan",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "infinity",
        swap={"port: 104": "port: .inf"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                ".inf",
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number with a fraction",
        swap={"port: 104": "port: 104.0"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                104.0,
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "number is a truth value",
        swap={"port: 104": "port: true"},
        expected=(
            (
                "GW104",
                "pacs[0].port",
                True,
                "Write a whole number in plain digits, without quotes and leading zeros.",
            ),
        ),
    ),
    Case(
        "truth value is a number",
        edit={"rack.earthed_outlets": 1},
        expected=(
            (
                "GW104",
                "rack.earthed_outlets",
                1,
                "Write true or false.",
            ),
        ),
    ),
    Case(
        "truth value is text",
        edit={"publication.pacs_image_download": "maybe"},
        expected=(
            (
                "GW104",
                "publication.pacs_image_download",
                "maybe",
                "Write true or false.",
            ),
        ),
    ),
    Case(
        "pattern is a truth value",
        swap={"  pattern: 4": "  pattern: true"},
        expected=(
            (
                "GW104",
                "vpn.pattern",
                True,
                "Use one of: 1, 2, 3, 4.",
            ),
        ),
    ),
    Case(
        "pattern in quotes",
        swap={"  pattern: 4": '  pattern: "4"'},
        expected=(
            (
                "GW104",
                "vpn.pattern",
                "4",
                "Use one of: 1, 2, 3, 4.",
            ),
        ),
    ),
    Case(
        "pattern of nowhere",
        edit={"vpn.pattern": 5},
        expected=(
            (
                "GW104",
                "vpn.pattern",
                5,
                "Use one of: 1, 2, 3, 4.",
            ),
        ),
    ),
    Case(
        "pattern missing",
        edit={"vpn.pattern": REMOVED},
        expected=(
            (
                "GW103",
                "vpn.pattern",
                "missing",
                "Give pattern, one of: 1, 2, 3, 4.",
            ),
        ),
    ),
    Case(
        "boundary of nowhere",
        edit={"boundary.kind": "firewall"},
        expected=(
            (
                "GW104",
                "boundary.kind",
                "firewall",
                "Did you mean hospital_firewall? Use one of: none, hospital_firewall, vlan.",
            ),
        ),
    ),
    Case(
        "uploads to nowhere known",
        edit={"uploads.to": "storage"},
        expected=(
            (
                "GW104",
                "uploads.to",
                "storage",
                "Did you mean storage_service? Use one of: nowhere, storage_service, gateway.",
            ),
        ),
    ),
    Case(
        "unknown word with the near miss named",
        edit={"linked_systems[0].protocol": "hl7mllp"},
        expected=(
            (
                "GW104",
                "linked_systems[0].protocol",
                "hl7mllp",
                "Did you mean hl7_mllp? Use one of: hl7_mllp, http, https, sftp, smb, sql.",
            ),
        ),
    ),
    Case(
        "month 13",
        swap={"build: 2027-01-12": "build: 2027-13-12"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027-13-12",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date with a time",
        swap={"build: 2027-01-12": "build: 2027-01-12T09:00:00"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027-01-12T09:00:00",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date as a number",
        swap={"build: 2027-01-12": "build: 20270112"},
        expected=(
            (
                "GW104",
                "schedule.build",
                20270112,
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date with slashes",
        swap={"build: 2027-01-12": "build: 2027/01/12"},
        expected=(
            (
                "GW104",
                "schedule.build",
                "2027/01/12",
                "Write a date such as 2026-11-22.",
            ),
        ),
    ),
    Case(
        "date of year 1",
        swap={"line_ready: 2026-12-01": "line_ready: 0001-01-01"},
        expected=(
            (
                "GW105",
                "schedule.line_ready",
                "0001-01-01",
                "Use a date from 2020 to 2099.",
            ),
        ),
    ),
)
