"""How long the engine takes with each platform's simulated device, and how long a device takes to render.

The devices are behind a real SSH port on loopback, their clocks run as ours do, and the engine is the one of a site.
What a real device takes to think (a commit, a save) is in none of the numbers but the simulators' own pauses.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from gatekit.catalogue import products
from gatekit.devices.change.model import Ending
from gatekit.devices.change.platform import Platform
from gatekit.devices.platforms import platform_of
from gatekit.intent.load import Intent
from gatekit.intent.site import Site
from gatekit.plan.make import make_plan
from gatekit.plan.network_device import Part
from tests.sites import data_centre, generated_site, parts_of
from tests.unit.gatekit.devices.safety import bench, rows
from tools.benches.measure import Numbers, seconds

SITES = 1000
REAL_TIME = 1.0


def bench_devices(rounds: int) -> dict[str, Numbers]:
    """Return the median seconds of each platform's part, and milliseconds for each device of 1,000 sites."""
    changes = {name: change_and_look_again(name, rounds) for name in rows()}
    return changes | {"render of 1,000 sites, ms a device": rendering()}


def change_and_look_again(name: str, rounds: int) -> Numbers:
    """Return how long one setting changed and confirmed takes, and the run after it that finds nothing to do."""
    pairs = [_one_round(name) for _ in range(rounds)]
    return {
        "change_and_confirm_s": round(median(changed for changed, _ in pairs), 2),
        "no_change_s": round(median(unchanged for _, unchanged in pairs), 2),
    }


def _one_round(name: str) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder, bench(name, Path(folder), REAL_TIME) as device:
        ends: list[Ending] = []
        taken = [seconds(lambda: ends.append(device.change().ending)) for _ in range(2)]
    if ends != [Ending.CONFIRMED, Ending.UNCHANGED]:
        raise RuntimeError(f"{name}: {', '.join(ends)}")
    return taken[0], taken[1]


def rendering() -> Numbers:
    """Return median, 95th percentile and maximum over every vendor's device, and how many they are."""
    taken = sorted(_milliseconds(platform, part) for platform, part in _devices())
    return {
        "devices": len(taken),
        "median_ms": round(median(taken), 2),
        "p95_ms": round(quantiles(taken, n=20)[-1], 2),
        "max_ms": round(taken[-1], 2),
    }


def _milliseconds(platform: Platform, part: Part) -> float:
    started = time.perf_counter()
    platform.render(part)
    return (time.perf_counter() - started) * 1000


def _devices() -> Iterator[tuple[Platform, Part]]:
    """Yield each vendor's device of 1,000 generated hospitals, the catalogue's products in turn."""
    for number in range(SITES):
        site = generated_site(number)
        chosen = {role: _of_role(role)[number % len(_of_role(role))] for role in ("firewall", "l3_switch", "cpe")}
        site["firewall"]["product"], site["l3_switch"]["product"] = chosen["firewall"], chosen["l3_switch"]
        if "cpe" in site["vpn"]:
            site["vpn"]["cpe"]["product"] = chosen["cpe"]
            site["vpn"].pop("other_services", None)  # not every product translates addresses
            site["vpn"]["crypto"] = products()[chosen["cpe"]].suites[0]
        plan = make_plan(
            Intent(site=Site.model_validate_json(json.dumps(site), strict=True), data_centre=data_centre())
        )
        for name, part in parts_of(plan).items():
            yield platform_of(chosen[name.split("_main")[0].split("_spare")[0]]), part


def _of_role(role: str) -> list[str]:
    return [name for name, row in products().items() if role in row.roles and not row.changed_on_host]
