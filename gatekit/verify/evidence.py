"""build/<site>/evidence.json: what was proved about one plan, and what was not run, with reasons."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from gatekit.errors import VerifyError
from gatekit.model import Frozen, Text
from gatekit.plan.model import Plan
from gatekit.verify.model import Check, NotRun, Verdict
from gatekit.verify.targets import Targets

SCHEMA_VERSION: Literal[1] = 1


class Record(Frozen):
    """One check that was run."""

    id: str
    kind: str
    requirement: str
    title: Text
    source: str
    destination: str
    protocol: str
    port: str
    expected: Text
    observed: Text
    ok: bool
    duration_s: float
    tier: int


class NotRunRecord(Frozen):
    """One thing the plan raises that this site cannot prove."""

    id: str
    requirement: str
    title: Text
    reason: Text


class Evidence(Frozen):
    """Everything verification found about one plan.

    ``complete`` is false when only selected checks ran; such evidence proves nothing about the site.
    ``versions``: host -> program -> version; ``controller`` is the machine that asked.
    """

    schema_version: Literal[1]
    site: str
    plan_sha256: str
    twin: bool
    complete: bool
    started_at: str  # RFC 3339, UTC
    duration_s: float
    versions: dict[str, dict[str, str]]
    tiers: dict[str, int]
    packets_sent: int
    records: tuple[Record, ...]
    not_run: tuple[NotRunRecord, ...]


def record_of(check: Check, verdict: Verdict, duration_s: float) -> Record:
    """Return the record of one check and its verdict."""
    return Record(
        id=check.id,
        kind=check.kind.value,
        requirement=check.requirement,
        title=check.title,
        source=check.source,
        destination=check.destination,
        protocol=check.protocol,
        port=check.port,
        expected=check.expected,
        observed=verdict.observed,
        ok=verdict.ok,
        duration_s=round(duration_s, 3),
        tier=check.tier,
    )


def not_run_record(row: NotRun) -> NotRunRecord:
    """Return what is written about a check that could not be run."""
    return NotRunRecord(id=row.id, requirement=row.requirement, title=row.title, reason=row.reason)


def read_site(folder: Path) -> tuple[Plan, str, Targets]:
    """Return plan, sha256 of plan.json and targets of ``build/<site>``.

    Raises:
        VerifyError: GW601 when a file is missing or unreadable, GW602 when the targets belong to another plan.
    """
    try:
        plan_bytes = (folder / "plan.json").read_bytes()
        targets = Targets.model_validate_json((folder / "targets.json").read_bytes())
        plan = Plan.model_validate_json(plan_bytes)
    except (OSError, ValueError) as error:
        fix = "Build the site first; the play writes plan.json and targets.json."
        raise VerifyError("GW601", str(folder), str(error), fix) from error
    sha256 = hashlib.sha256(plan_bytes).hexdigest()
    _same_plan(folder / "targets.json", targets.plan_sha256, sha256)
    return plan, sha256, targets


def read_evidence(path: Path, plan_sha256: str) -> Evidence:
    """Return the evidence at ``path``, which must be about this plan and complete.

    Raises:
        VerifyError: GW601 missing, unreadable or only part of the checks; GW602 about another plan.
    """
    try:
        evidence = Evidence.model_validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise VerifyError("GW601", str(path), str(error), "Run the verification of this site.") from error
    _same_plan(path, evidence.plan_sha256, plan_sha256)
    if not evidence.complete:
        raise VerifyError("GW601", str(path), "partial", "Run the whole verification, without a selection.")
    return evidence


def _same_plan(path: Path, found: str, wanted: str) -> None:
    if found != wanted:
        raise VerifyError("GW602", str(path), found, f"Build and verify the plan {wanted} first.")


def evidence_bytes(evidence: Evidence) -> bytes:
    """Return the evidence as UTF-8 JSON ending in a line feed."""
    return (evidence.model_dump_json(indent=1) + "\n").encode()
