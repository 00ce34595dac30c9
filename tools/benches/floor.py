"""What no tool on top of apt can be quicker than: a bare shell script doing the same installs in the same image."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from tools.benches.measure import ROOT, Numbers, seconds
from twin.commands import run
from twin.image_build import build_images
from twin.image_catalogue import Image
from twin.mirror import build_mirror
from twin.progress import Progress

SOURCE = "deb [signed-by=/usr/share/keyrings/gatekit-mirror.gpg] file:/srv/mirror ./"


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
    """Run apt once in a container without services."""
    script = (
        f"rm -rf /etc/apt/sources.list.d/*; echo '{SOURCE}' > /etc/apt/sources.list; apt-get -qq update;"
        f" DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install {' '.join(packages)}"
    )
    command = ["podman", "run", "--rm", "--network=none", f"--volume={mirror}:/srv/mirror:ro", image]
    return seconds(lambda: run([*command, "sh", "-euc", script], timeout_s=600))
