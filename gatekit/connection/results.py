"""The answers of VM1 as results: every step judged, and one record a system for the evidence (OP-7). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from gatekit.connection.model import JudgedStep, Results, State, Step, System, SystemResult
from gatekit.connection.questions import systems
from gatekit.connection.verdicts import judge
from gatekit.connection.words import EXPECTED, PROTOCOLS, STEPS
from gatekit.errors import VerifyError
from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.evidence import NotRunRecord, Record

SCHEMA_VERSION: Literal[1] = 1
REQUIREMENT = "OP-7"
RESULTS_FILE = "connection/results.json"
_TESTS = Text(ja="院内システムとの接続試験", en="Connection tests with the hospital's systems")
_NOT_YET = Text(ja="この計画ではまだ実施していない", en="not yet run for this plan")


def results_of(plan: Plan, plan_sha256: str, answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Results:
    """Return the judged answers, in the order of the site file.

    Raises:
        VerifyError: GW601 when the answers are not about exactly this plan's systems, or there is none.
    """
    asked = systems(plan)
    if not asked or {system.key for system in asked} != set(answers):
        fix = "Run playbooks/connection_test.yml for a site with linked systems or a PACS."
        raise VerifyError("GW601", "answers", sorted(answers), fix)
    tested = tuple(_result(system, answers[system.key]) for system in asked)
    return Results(
        schema_version=SCHEMA_VERSION,
        site=plan.site,
        plan_sha256=plan_sha256,
        tested_at=min(step.at for result in tested for step in result.steps),
        our_address=plan.vm("vm1").address,
        systems=tested,
        records=tuple(_record(result) for result in tested if result.state is not State.INCOMPLETE),
        not_run=tuple(_not_run(result) for result in tested if result.state is State.INCOMPLETE),
    )


def recorded(folder: Path, plan_sha256: str) -> tuple[tuple[Record, ...], tuple[NotRunRecord, ...]]:
    """Return what the connection tests of this plan found, for its evidence; without them, that they were not run.

    ``folder`` is build/<site>. Results of another plan do not count.
    """
    path = folder / RESULTS_FILE
    if path.is_file():
        results = Results.model_validate_json(path.read_bytes())
        if results.plan_sha256 == plan_sha256:
            return results.records, results.not_run
    return (), (NotRunRecord(id="connection", requirement=REQUIREMENT, title=_TESTS, reason=_NOT_YET),)


def _result(system: System, steps: Sequence[Mapping[str, Any]]) -> SystemResult:
    found = tuple(Step.model_validate(step) for step in steps)
    return SystemResult(
        system=system,
        steps=tuple(
            JudgedStep(name=step.name, at=step.at, duration_ms=step.duration_ms, judgement=judge(step))
            for step in found
        ),
    )


def _title(system: System) -> Text:
    protocol = PROTOCOLS[system.protocol]
    return Text(ja=f"接続試験 {system.key}（{protocol}）", en=f"connection test of {system.key} ({protocol})")


def _summary(result: SystemResult) -> Text:
    rows = [(STEPS[step.name], step.judgement.observed) for step in result.steps]
    ja = "、".join(f"{name.ja}：{seen.ja}" for name, seen in rows)
    return Text(ja=ja, en="; ".join(f"{name.en}: {seen.en}" for name, seen in rows))


def _record(result: SystemResult) -> Record:
    system = result.system
    return Record(
        id=f"connection.{system.key}",
        kind="connection",
        requirement=REQUIREMENT,
        title=_title(system),
        source="vm1",
        destination=system.key,
        protocol=system.protocol,
        port=str(system.port),
        expected=EXPECTED,
        observed=_summary(result),
        ok=result.state is State.PASSED,
        duration_s=round(sum(step.duration_ms for step in result.steps) / 1000, 3),
        tier=1,
    )


def _not_run(result: SystemResult) -> NotRunRecord:
    return NotRunRecord(
        id=f"connection.{result.system.key}",
        requirement=REQUIREMENT,
        title=_title(result.system),
        reason=_summary(result),
    )
