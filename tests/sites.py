"""Hospitals for tests: the four committed examples, and as many generated ones as a test wants."""

from __future__ import annotations

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from gatekit.intent.data_centre import DataCentre
from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan import plan_site
from gatekit.plan.model import Plan

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
