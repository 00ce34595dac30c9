"""plan.json: what a person approves, with its sha256; the same plan gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gatekit.plan.model import Plan


def plan_bytes(plan: Plan) -> bytes:
    """Return the plan as UTF-8 JSON, keys sorted, ending in a line feed."""
    text = json.dumps(plan.model_dump(mode="json"), ensure_ascii=False, indent=2, sort_keys=True)
    return (text + "\n").encode()


def plan_sha256(plan: Plan) -> str:
    """Return the hexadecimal sha256 of ``plan_bytes``: what evidence and approvals refer to."""
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


def read_plan(path: Path) -> Plan:
    """Return the plan written at ``path``."""
    return Plan.model_validate_json(path.read_bytes())
