"""Pattern 4's hospital with a UPS that has a network card."""

from __future__ import annotations

import json
from functools import cache

import yaml

from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan.make import make_plan
from gatekit.plan.model import Plan
from gatekit.plan.ups import UpsPlan
from tests.sites import data_centre, example_folder

CARD = {"kind": "network_card", "mibs": "apcc", "account": "gwmonitor"}
CABLE = {"kind": "usb", "driver": "usbhid-ups", "vendor_id": "051d", "product_id": "0003"}


@cache
def plan(kind: str = "network_card") -> Plan:
    """Return the plan of the example with a UPS connected so; without one for ``none``."""
    site = json.loads(
        json.dumps(yaml.safe_load((example_folder("pattern4") / "site.yml").read_text(encoding="utf-8")), default=str)
    )
    site["ups"] = {
        "model": "APC Smart-UPS SMT1500RMJ1U",
        "connection": CARD if kind == "network_card" else CABLE,
        "minutes_on_battery": 10,
        "low_battery_reserve_minutes": 10,
    }
    if kind == "none":
        del site["ups"]
    given = Site.model_validate_json(json.dumps(site), strict=True)
    return make_plan(Intent(site=given, data_centre=data_centre()))


def ups(kind: str = "network_card") -> UpsPlan:
    found = plan(kind).ups
    assert found is not None
    return found
