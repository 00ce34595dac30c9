"""Values of the wrong type."""

from __future__ import annotations

from tests.refusals.case import Case

CASES = (
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
)
