"""Hospitals with another Windows on VM3 than the examples'."""

from __future__ import annotations

import json
from typing import Any

from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan.make import make_plan
from gatekit.plan.model import Plan
from tests.sites import data_centre, generated_site


def changed(system: str = "windows2022", number: int = 3, **windows: Any) -> Plan:
    """Return hospital ``number`` with this Windows and this ``windows`` section of the site file."""
    site = generated_site(number)
    site["appliance"]["windows"], site["windows"] = system, windows
    given = Site.model_validate_json(json.dumps(site), strict=True)
    return make_plan(Intent(site=given, data_centre=data_centre()))
