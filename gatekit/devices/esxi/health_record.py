"""build/<site>/health.json and health.md: what was found about the host's health, when, and under which plan."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

from gatekit.devices.esxi.health import Finding, Verdict
from gatekit.devices.esxi.health_state import HealthState
from gatekit.errors import VerifyError
from gatekit.model import Frozen
from gatekit.plan.model import Plan
from gatekit.whole_file import write_atomically

__all__ = ["HealthRecord", "health_record", "keep"]


class HealthRecord(Frozen):
    """One reading of one host; ``read_at`` by the host's own clock."""

    schema_version: Literal[1]
    site: str
    plan_sha256: str
    host: str
    version: str
    read_at: datetime
    findings: tuple[Finding, ...]

    @property
    def bad(self) -> tuple[Finding, ...]:
        """Return what makes the result red."""
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.BAD)

    def lines(self) -> list[str]:
        """Return one line a finding, the worst first."""
        order = list(reversed(Verdict))
        return [finding.line() for finding in sorted(self.findings, key=lambda found: order.index(found.verdict))]


def health_record(build: Path, state: HealthState, findings: tuple[Finding, ...]) -> HealthRecord:
    """Return the record of a reading, tied to the plan in ``build``.

    Raises:
        VerifyError: GW601 when there is no plan to tie it to.
    """
    try:
        written = (build / "plan.json").read_bytes()
        plan = Plan.model_validate_json(written)
    except (OSError, ValueError) as error:
        raise VerifyError("GW601", str(build / "plan.json"), str(error), "Plan the site first.") from error
    return HealthRecord(
        schema_version=1,
        site=plan.site,
        plan_sha256=hashlib.sha256(written).hexdigest(),
        host=plan.esxi.name,
        version=state.version,
        read_at=state.read_at,
        findings=findings,
    )


def keep(build: Path, record: HealthRecord) -> None:
    """Write ``health.json`` for machines and ``health.md`` for people into ``build``, each whole or not at all."""
    write_atomically(build / "health.json", (record.model_dump_json(indent=1) + "\n").encode())
    head = f"# {record.site}: {record.host}, {record.version}, {record.read_at:%Y-%m-%d %H:%M} UTC"
    lines = [head, "", *(f"- {line}" for line in record.lines())]
    write_atomically(build / "health.md", ("\n".join(lines) + "\n").encode())
