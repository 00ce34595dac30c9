"""The example site's PACS GatewayService, for the tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path

from gatekit.plan.vm1.model import PacsGatewayPlan

ROOT = Path(__file__).resolve().parents[4]
PLAN = PacsGatewayPlan.model_validate(
    json.loads((ROOT / "tests/golden/cases/pattern4/plan.json").read_text())["vm1"]["pacs_gateway"]
)
SOURCE = PLAN.sources[0]
