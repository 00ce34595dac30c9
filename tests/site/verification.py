"""One verification run of a built site: what it asks, what it has found so far, and the evidence of it."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gatekit.connection.results import recorded
from gatekit.plan.model import Plan
from gatekit.verify.checks import plan_checks
from gatekit.verify.cpe_records import cpe_records
from gatekit.verify.device_records import device_records
from gatekit.verify.evidence import SCHEMA_VERSION, Evidence, Record, not_run_record, read_site
from gatekit.verify.gather import Answers, gather
from gatekit.verify.model import Check, CheckList
from gatekit.verify.premises_records import premises_records
from gatekit.verify.targets import Targets
from gatekit.verify.windows_records import windows_records

type Examine = Callable[[Check], str]
"""Judges and records one check; says what is wrong with it, nothing when it holds."""


class Site:
    """One verification run: plan, targets, checks, answers and the records so far."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder, self._say = folder, say
        self.plan: Plan
        self.targets: Targets
        self.plan, self.plan_sha256, self.targets = read_site(folder)
        self.listing: CheckList = plan_checks(self.plan, self.targets)
        self.records: dict[str, Record] = {}
        self.answers: Answers | None = None
        self.started_at, self.started = datetime.now(UTC), time.monotonic()

    def progress(self, line: str) -> None:
        self._say(f"[{time.monotonic() - self.started:6.1f} s] {line}")

    def ask(self, checks: list[Check]) -> Answers:
        if self.answers is None:
            self.answers = gather(self.targets, self.listing, checks, self.progress)
            self.progress("judging")
        return self.answers

    def evidence(self) -> Evidence:
        answers = self.answers or Answers()
        noted = [
            recorded(self.folder, self.plan_sha256),
            cpe_records(self.folder, self.plan),
            device_records(self.folder, self.plan),
            (premises_records(self.plan), ()),
            windows_records(self.folder, self.plan),
        ]
        tools = {"python": platform.python_version(), "pytest": pytest.__version__}
        return Evidence(
            schema_version=SCHEMA_VERSION,
            site=self.plan.site,
            plan_sha256=self.plan_sha256,
            twin=self.targets.twin,
            complete=set(self.records) == {check.id for check in self.listing.checks},
            started_at=self.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            duration_s=round(time.monotonic() - self.started, 1),
            versions={"controller": tools} | dict(sorted(answers.versions.items())),
            tiers=dict(sorted(self.targets.tiers.items())),
            packets_sent=answers.packets_sent,
            records=(
                *(self.records[check.id] for check in self.listing.checks if check.id in self.records),
                *(record for records, _ in noted for record in records),
            ),
            not_run=(*map(not_run_record, self.listing.not_run), *(row for _, rows in noted for row in rows)),
        )
