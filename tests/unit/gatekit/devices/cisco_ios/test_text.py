"""No secret, in whatever form a box shows it; nothing that changes by itself."""

from __future__ import annotations

import pytest

from gatekit.devices.cisco_ios import PLATFORM
from gatekit.devices.cisco_ios.text import hidden, sections, stable


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("username gwops privilege 15 secret 9 $9$abc", "username gwops privilege 15 <hidden>"),
        (
            "username gwops privilege 15 algorithm-type scrypt secret open sesame",
            "username gwops privilege 15 <hidden>",
        ),
        ("username net password 7 0822455D0A16", "username net <hidden>"),
        ("  pre-shared-key local open", "  pre-shared-key local <hidden>"),
        ("  pre-shared-key remote 6 QHXBFTd]CEAMYWX", "  pre-shared-key remote <hidden>"),
        ("  pre-shared-key hex 0102", "  pre-shared-key <hidden>"),
        ("enable secret 5 $1$abc", "enable <hidden>"),
        ("snmp-server community hospital RO", "snmp-server community <hidden>"),
        (" key 7 094F471A1A0A", " key <hidden>"),
        (" key-string 7 094F471A1A0A", " key-string <hidden>"),
        ("tacacs-server host 10.1.1.1 key 7 094F", "tacacs-server host 10.1.1.1 key <hidden>"),
        (" ip ospf message-digest-key 1 md5 7 094F", " ip ospf message-digest-key 1 md5 <hidden>"),
        ("service password-encryption", "service password-encryption"),
        ("password encryption aes", "password encryption aes"),
        ("key chain OSPF", "key chain OSPF"),
    ],
)
def test_a_secret_is_hidden_and_nothing_else(line, expected):
    assert hidden(line) == expected


def test_what_changes_by_itself_is_left_out():
    text = (
        "Building configuration...\r\n\r\nCurrent configuration : 9 bytes\n!\n! Last configuration change at 10:00\n"
        "hostname a\n!\nntp clock-period 17\narchive\n path flash:gw-undo\ninterface Vlan1\n no ip address\nend\n"
    )
    assert stable(text) == "hostname a\ninterface Vlan1\n no ip address\n"


def test_an_archive_of_somebody_stays():
    text = "archive\n path flash:gw-undo\n log config\n  logging enable\n"
    assert stable(text) == text
    assert sections(text)[0].lines == (" path flash:gw-undo", " log config", "  logging enable")


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("             ^\n% Invalid input detected at '^' marker.\n", True),
        ("% Incomplete command.", True),
        ('% Ambiguous command:  "s"', True),
        ("%No matching route to delete", True),
        ("%Inconsistent address and mask", True),
        ("%Turn config archive on before using Rollback Confirmed Change", True),
        ("Command rejected: conflict", True),
        ("*Nov 23 10:00:00.000: %SYS-5-CONFIG_I: Configured from console by gwops", False),
        ("%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel10, changed state to up", False),
        (" description 100% invalid", False),
    ],
)
def test_a_refusal_is_told_from_what_only_looks_like_it(answer, refused):
    assert (PLATFORM.refusals.found_in(answer) is not None) is refused
