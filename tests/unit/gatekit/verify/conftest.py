"""One site for the tests of verification: the example of pattern 4, reached as the twin is."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.plan.document import plan_sha256
from gatekit.plan.make import plan_site
from gatekit.plan.model import Plan
from gatekit.verify.targets import Targets

ROOT = Path(__file__).resolve().parents[4]


def probe(name: str, zone: str, address: str, **more: str) -> dict[str, str]:
    return {"backend": f"podman://gatekit-{name}", "zone": zone, "address": address, **more}


@pytest.fixture(scope="session")
def plan() -> Plan:
    return plan_site(ROOT / "inventories" / "pattern4")


@pytest.fixture(scope="session")
def targets(plan: Plan) -> Targets:
    hosts = {
        name: {"backend": f"ssh://{name}?ssh_config=f&sudo=true"} for name in ("vm1", "vm2", "firewall", "l3_switch")
    }
    probes = {
        "his_terminal": probe("his", "trust", "172.20.0.50"),
        "pacs": probe("pacs", "trust", "192.168.30.10"),
        "system_emr": probe("emr", "trust", "192.168.20.10"),
        "viewer": probe("viewer", "untrust", "198.51.100.200", certificate="/c.pem", key="/k.pem", ca_file="/ca.pem"),
        "dc_services": probe("services", "data_centre", "10.200.9.10"),
        "dc_portal": probe("portal", "data_centre", "10.200.1.10", ca_file="/etc/portal/ca.pem"),
        "vm1": probe("vm1", "dmz", "10.161.4.10"),
        "vm2": probe("vm2", "dmz", "10.161.4.20"),
        "firewall": probe("fw", "firewall", "10.161.4.254"),
    }
    absent = {"vm3": {"ja": "ツインにWindowsはない", "en": "no guest on the twin"}}
    return Targets.model_validate(
        {
            "schema_version": 1,
            "site": plan.site,
            "plan_sha256": plan_sha256(plan),
            "twin": True,
            "hosts": hosts,
            "probes": probes,
            "esxi": {"address": "10.161.4.5", "user": "root", "ca_file": "ca.pem"},
            "log": {"probe": "dc_services", "files": ["/var/log/remote/*"]},
            "absent": absent,
            "tiers": {"esxi": 2, "vm3": 2},
            "scan_rate_pps": 100000,
        }
    )
