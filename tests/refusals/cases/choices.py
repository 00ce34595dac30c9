"""Words and numbers that are none of those to choose from."""

from __future__ import annotations

from tests.refusals.case import REMOVED, Case

CASES = (
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
)
