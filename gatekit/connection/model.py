"""The types of a connection test: who is asked, what each step gave, and the verdict on a system."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address
from typing import Literal

from pydantic import AwareDatetime

from gatekit.model import Frozen, Text
from gatekit.verify.evidence import NotRunRecord, Record


class State(StrEnum):
    """What a step or a whole system came to; ``incomplete`` proves nothing and accuses nobody."""

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class System(Frozen):
    """One linked system as a sheet names it; ``key`` is unique and names its files."""

    key: str  # emr, pacs.main
    kind: str  # pacs, or the kind of the site file
    protocol: str  # dicom, or the protocol of the site file
    address: IPv4Address
    port: int
    direction: Literal["from_gateway", "to_gateway"]
    ae_titles: tuple[str, str] | None = None  # ours, theirs


class Step(Frozen):
    """What VM1 wrote about one step: words and facts, no verdict."""

    name: str
    outcome: str
    facts: dict[str, str]
    at: AwareDatetime
    duration_ms: float


class Judgement(Frozen):
    """What one step means; ``code`` and ``fix`` stand where something is to be put right."""

    state: State
    observed: Text
    code: str | None = None
    fix: Text | None = None


class JudgedStep(Frozen):
    """A step and its judgement."""

    name: str
    at: AwareDatetime
    duration_ms: float
    judgement: Judgement


class SystemResult(Frozen):
    """One system's test; its state is that of its worst step, a failure before a gap."""

    system: System
    steps: tuple[JudgedStep, ...]

    @property
    def state(self) -> State:
        """Return failed, incomplete or passed."""
        states = {step.judgement.state for step in self.steps} or {State.FAILED}
        return next(state for state in (State.FAILED, State.INCOMPLETE, State.PASSED) if state in states)


class Results(Frozen):
    """build/<site>/connection/results.json: every system, and the same as records for the evidence (OP-7)."""

    schema_version: Literal[1]
    site: str
    plan_sha256: str
    tested_at: AwareDatetime
    our_address: IPv4Address
    systems: tuple[SystemResult, ...]
    records: tuple[Record, ...]
    not_run: tuple[NotRunRecord, ...]
