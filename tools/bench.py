"""Benchmarks, not timed tests: prints JSON with seconds. See docs/performance.md.

python tools/bench.py plan                    1,000 and 2,000 generated hospitals, files to plan.json bytes
python tools/bench.py demo [SITE]             the twin from nothing: images, first run, second run, verification
python tools/bench.py floor                   a bare shell script doing the same installs in the same guest image
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import yaml

from gatekit.plan import plan_site
from gatekit.plan.document import plan_bytes
from tests.sites import generated_site
from twin.commands import run
from twin.image_build import build_images
from twin.image_catalogue import Image
from twin.mirror import build_mirror
from twin.progress import Progress

ROOT = Path(__file__).resolve().parent.parent

type Numbers = dict[str, float | int | str]


def machine() -> Numbers:
    """Return cores and memory in GiB, all that is said of the machine."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {"cores": os.cpu_count() or 0, "memory_gib": round(pages * size / 2**30)}


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = time.monotonic()
    work()
    return round(time.monotonic() - started, 2)


def _plan_one(folder: Path) -> int:
    return len(plan_bytes(plan_site(folder)))


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


def bench_plan() -> Numbers:
    """Return the seconds for 1,000 and 2,000 hospitals and their ratio."""
    one, two = plan_many(1000), plan_many(2000)
    return {"plan_1000_s": one, "plan_2000_s": two, "ratio": round(two / one, 2)}


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def bench_demo(site: str) -> Numbers:
    """Return the seconds of a first run from nothing, a second run and the verification alone."""
    _run("./demo", "--down")
    numbers: Numbers = {"first_run_s": seconds(partial(_run, "./demo", site))}
    started = time.monotonic()
    output = _run("./demo", site)
    numbers["second_run_s"] = round(time.monotonic() - started, 2)
    numbers["second_run_changed"] = sum(int(found) for found in re.findall(r"changed=(\d+)", output))
    play = ("ansible-playbook", "-i", f"inventories/{site}", "-i", f"build/twin/{site}", "playbooks/verify.yml")
    numbers["verification_s"] = seconds(partial(_run, *play))
    return numbers


FLOOR_SOURCE = "deb [signed-by=/usr/share/keyrings/gatekit-mirror.gpg] file:/srv/mirror ./"


def bench_floor() -> Numbers:
    """Return the seconds of apt alone: the packages of the roles into two fresh guests at once, nothing configured."""
    guest = build_images(Progress(), [Image.GUEST])[Image.GUEST]
    mirror = build_mirror(Progress())
    wanted = {"vm1": _packages("linux_base"), "vm2": [*_packages("linux_base"), *_packages("squid")]}
    numbers: Numbers = {}
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        jobs = {name: pool.submit(_install, guest, mirror, packages) for name, packages in wanted.items()}
        numbers |= {f"install_{name}_s": job.result() for name, job in jobs.items()}
    return {**numbers, "both_s": round(time.monotonic() - started, 2)}


def _packages(role: str) -> list[str]:
    variables = yaml.safe_load((ROOT / "roles" / role / "vars" / "main.yml").read_text(encoding="utf-8"))
    return [str(name) for name in variables[f"__{role}_packages"]]


def _install(image: str, mirror: Path, packages: list[str]) -> float:
    """Run apt once in a container without services: what no tool on top of apt can be quicker than."""
    script = (
        f"rm -rf /etc/apt/sources.list.d/*; echo '{FLOOR_SOURCE}' > /etc/apt/sources.list; apt-get -qq update;"
        f" DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install {' '.join(packages)}"
    )
    command = ["podman", "run", "--rm", "--network=none", f"--volume={mirror}:/srv/mirror:ro", image]
    return seconds(lambda: run([*command, "sh", "-euc", script], timeout_s=600))


def main() -> int:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=tuple(BENCHES))
    parser.add_argument("site", nargs="?", default="pattern4")
    arguments = parser.parse_args()
    numbers = BENCHES[arguments.what](arguments.site)
    print(json.dumps({"machine": machine(), **numbers}, indent=2))
    return 0


BENCHES: dict[str, Callable[[str], Numbers]] = {
    "plan": lambda _: bench_plan(),
    "demo": bench_demo,
    "floor": lambda _: bench_floor(),
}

if __name__ == "__main__":
    raise SystemExit(main())
