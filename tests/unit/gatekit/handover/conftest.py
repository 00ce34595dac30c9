"""Plan and evidence for the pages: one of each kind of record, one thing not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekit.model import Text
from gatekit.plan.document import plan_sha256
from gatekit.plan.make import plan_site
from gatekit.plan.model import Plan
from gatekit.verify.evidence import Evidence, NotRunRecord, Record

ROOT = Path(__file__).resolve().parents[4]


def record(identity: str, requirement: str, kind: str, *, ok: bool = True, source: str = "vm1") -> Record:
    return Record(
        id=identity,
        kind=kind,
        requirement=requirement,
        title=Text(ja=f"検査 {identity}", en=f"check {identity}"),
        source=source,
        destination="vm2",
        protocol="tcp",
        port="1-65535",
        expected=Text(ja="期待", en="expected"),
        observed=Text(ja="観測 <b>", en="seen <b>"),
        ok=ok,
        duration_s=0.5,
        tier=1,
    )


@pytest.fixture(scope="session")
def plan() -> Plan:
    return plan_site(ROOT / "inventories" / "pattern4")


@pytest.fixture(scope="session")
def evidence(plan: Plan) -> Evidence:
    return Evidence(
        schema_version=1,
        site=plan.site,
        plan_sha256=plan_sha256(plan),
        twin=True,
        complete=True,
        started_at="2026-11-22T00:00:00Z",
        duration_s=41.0,
        versions={"vm2": {"squid": "6.13"}},
        tiers={"esxi": 2},
        packets_sent=123456,
        records=(
            record("reach.proxy.terminals.his_clients.vm2.3128", "HC-1", "reach"),
            record("reach.link.orders.system.orders.vm1.2576", "IN-1", "path"),
            record("refused.his_terminal.vm2.tcp", "AP-6", "must_not_reach", source="his_terminal"),
            record("refused.viewer.vm2.tcp", "AP-6", "must_not_reach", ok=False, source="viewer"),
        ),
        not_run=(
            NotRunRecord(
                id="x",
                requirement="AP-4",
                title=Text(ja="保守", en="maintenance"),
                reason=Text(ja="Windowsなし", en="no Windows guest"),
            ),
        ),
    )
