"""How long the plans of many hospitals take, from their files to the bytes of plan.json."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

from gatekit.plan.document import plan_bytes
from gatekit.plan.make import plan_site
from tests.sites import generated_site
from tools.benches.measure import ROOT, Numbers, seconds


def bench_plan() -> Numbers:
    """Return the seconds for 1,000 and 2,000 hospitals and their ratio."""
    one, two = plan_many(1000), plan_many(2000)
    return {"plan_1000_s": one, "plan_2000_s": two, "ratio": round(two / one, 2)}


def plan_many(count: int) -> float:
    """Return the seconds to plan ``count`` hospitals from their files on all cores."""
    with tempfile.TemporaryDirectory() as temporary:
        inventories = Path(temporary)
        (inventories / "data_centre.yml").write_bytes((ROOT / "inventories" / "data_centre.yml").read_bytes())
        for number in range(count):
            folder = inventories / f"h{number}"
            folder.mkdir()
            text = yaml.safe_dump(generated_site(number), allow_unicode=True, sort_keys=False)
            (folder / "site.yml").write_text(text, encoding="utf-8")
        folders = [inventories / f"h{number}" for number in range(count)]
        with ProcessPoolExecutor() as pool:
            return seconds(lambda: sum(pool.map(_plan_one, folders, chunksize=25)))


def _plan_one(folder: Path) -> int:
    return len(plan_bytes(plan_site(folder)))
