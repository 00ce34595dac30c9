"""Hospitals for tests: the four committed examples, and as many generated ones as a test wants."""

from __future__ import annotations

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gatekit.catalogue import products
from gatekit.intent.data_centre import DataCentre
from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan.make import make_plan, plan_site
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePart, Part

ROOT = Path(__file__).resolve().parent.parent
PATTERNS = ("pattern1", "pattern2", "pattern3", "pattern4")


def example_folder(name: str) -> Path:
    return ROOT / "inventories" / name


@cache
def example_plan(name: str = "pattern4") -> Plan:
    return plan_site(example_folder(name))


@cache
def _example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((example_folder(name) / "site.yml").read_text(encoding="utf-8"))
    return found


@cache
def data_centre() -> DataCentre:
    path = ROOT / "inventories" / "data_centre.yml"
    return DataCentre.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def generated_site(number: int) -> dict[str, Any]:
    """Return the site file of hospital ``number``: another DMZ, other hospital networks, the patterns in turn."""
    site = copy.deepcopy(_example(PATTERNS[number % 4]))
    site["hospital"]["id"] = f"h{number}"
    site["dmz"]["network"] = f"10.{160 + number // 250 % 10}.{1 + number % 250}.0/24"
    for index, row in enumerate(site["networks"]):
        row["network"] = f"172.{16 + number % 8}.{index + 4 * (number % 60)}.0/24"
    for row in (*site["linked_systems"], *site["pacs"]):
        third = 4 * (number % 60) + (1 if "ae_title" in row else 0)
        row["address"] = f"172.{16 + number % 8}.{third}.10"
    site["schedule"] = {
        key: str(value) if isinstance(value, date) else value for key, value in site["schedule"].items()
    }
    return site


def generated_intent(number: int) -> Intent:
    site = Site.model_validate_json(json.dumps(generated_site(number)), strict=True)
    return Intent(site=site, data_centre=data_centre())


def vendor_plan(product: str, name: str | None = None) -> Plan:
    """Return an example site with another product, where the product has its place.

    Without a name a firewall product ends the tunnel of pattern 4, a CPE product stands in pattern 1 when it
    reaches HIGH and in pattern 2 otherwise, an L3 switch in pattern 4.
    """
    facts = products()[product]
    if "cpe" in facts.roles and product != "linux":
        chosen, path = name or ("pattern1" if "HIGH" in facts.suites else "pattern2"), ("vpn", "cpe")
    else:
        chosen, path = name or "pattern4", ("firewall",) if "firewall" in facts.roles else ("l3_switch",)
    site = json.loads(json.dumps(_example(chosen), default=str))
    place = site
    for key in path:
        place = place[key]
    place["product"] = product
    if path == ("vpn", "cpe"):
        site["vpn"]["crypto"] = facts.suites[0]
    given = Site.model_validate_json(json.dumps(site), strict=True)
    return make_plan(Intent(site=given, data_centre=data_centre()))


def parts_of(plan: Plan) -> dict[str, Part]:
    """Return what each network device of a site has to be, by name; a CPE once for each labelled unit."""
    parts: dict[str, Part] = {"firewall": plan.firewall, "l3_switch": plan.l3_switch}
    if plan.cpe is not None:
        parts |= {f"cpe_{unit.role}": CpePart(plan.cpe, unit) for unit in plan.cpe.units}
    return parts
