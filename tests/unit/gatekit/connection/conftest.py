"""A hospital with one system of every protocol, and answers as VM1 gives them."""

from __future__ import annotations

from typing import Any

import pytest

from gatekit.plan.model import LinkedSystem, Plan
from tests.sites import example_plan

PROTOCOLS = ("hl7_mllp", "http", "https", "sftp", "smb", "sql")
AT = "2026-11-23T01:02:03.456+00:00"
OK: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "pacs.main": [
        ("association", "accepted", {}),
        ("c_echo", "answered", {"status": "0000"}),
        ("c_find", "answered", {"status": "0000", "studies": "2", "others": "0"}),
    ],
    "hl7_mllp": [("hl7_ack", "answered", {"msa_1": "AR", "message": "ACK"})],
    "http": [("http", "answered", {"status": "200"})],
    "https": [
        ("tls", "answered", {"version": "TLSv1.3", "sha256": "ab" * 32, "verified": "yes"}),
        ("http", "answered", {"status": "401"}),
    ],
    "sftp": [
        ("ssh_banner", "answered", {"banner": "SSH-2.0-OpenSSH_9.9"}),
        ("ssh_host_key", "answered", {"ssh-ed25519": "SHA256:abc", "confirmed": "SHA256:abc"}),
        ("sftp_listing", "answered", {"entries": "3"}),
    ],
    "smb": [("smb_negotiate", "answered", {"dialect": "3.1.1", "signing": "required"})],
    "sql": [("sql_greeting", "answered", {"product": "SQL Server", "version": "15.0.4196"})],
}


def step(name: str, outcome: str, facts: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "outcome": outcome, "facts": facts, "at": AT, "duration_ms": 12.5}


def linked(name: str, protocol: str, direction: str = "from_gateway", **more: Any) -> LinkedSystem:
    row = {"name": name, "kind": "department", "protocol": protocol, "address": "192.168.40.20", "port": 2200}
    common = {"direction": direction, "test_path": "/out", "account": None, "password": None}
    return LinkedSystem.model_validate(row | common | more)


@pytest.fixture
def plan() -> Plan:
    """Return pattern 4 with a system of each protocol named after it, one that calls us, and a test patient."""
    plan = example_plan()
    rows = [linked(protocol, protocol) for protocol in PROTOCOLS if protocol != "sftp"]
    rows.append(linked("sftp", "sftp", account="gwtest", password="link_sftp_password"))
    rows.append(linked("orders", "hl7_mllp", "to_gateway"))
    gateway = plan.vm1.pacs_gateway
    source = gateway.sources[0].model_copy(update={"test_patient": "TEST-PATIENT-77"})
    gateway = gateway.model_copy(update={"sources": (source,)})
    vm1 = plan.vm1.model_copy(update={"pacs_gateway": gateway})
    return plan.model_copy(update={"linked_systems": tuple(rows), "vm1": vm1})


@pytest.fixture
def answers() -> dict[str, list[dict[str, Any]]]:
    """Return answers with which every system passes but the one that calls us, which its vendor tests."""
    made = {key: [step("tcp", "accepted", {}), *(step(*row) for row in rows)] for key, rows in OK.items()}
    waits = step("called_by_vendor", "not_run", {"reason": "vendor_dials"})
    return made | {"orders": [step("own_listener", "accepted", {}), waits]}
