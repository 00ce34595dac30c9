"""The PACS GatewayService's plan of an example site, with what a test says instead."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from gatekit.plan.make import plan_site
from gatekit.plan.vm1.model import PacsGatewayPlan, PacsSource, PatientIdRule

EXAMPLE = Path(__file__).parents[4] / "inventories" / "pattern4"


@cache
def _example() -> PacsGatewayPlan:
    return plan_site(EXAMPLE).vm1.pacs_gateway


def example_source(**changes: Any) -> PacsSource:
    """Return a PACS with everything optional as in a site file that does not mention it."""
    plain = {"parallel_moves": 1, "move_windows": (), "bandwidth_mbit_s": None, "character_set": "ISO 2022 IR 87"}
    ids = {"patient_id": PatientIdRule(digits=None, issuer=""), "information_model": "study_root"}
    return _example().sources[0].model_copy(update=plain | ids | changes)


def example_plan(**changes: Any) -> PacsGatewayPlan:
    """Return the plan; all modalities of the last hundred years are published."""
    return _example().model_copy(update={"published_months": 1200, "modalities": ()} | changes)
