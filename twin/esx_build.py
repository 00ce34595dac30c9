"""The ESX simulator's binary: built once per source, with the machine's Go or one in a container."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from twin.commands import run
from twin.folders import CACHE, ROOT
from twin.image_build import base_image, host_network_container
from twin.progress import Progress

SOURCE = ROOT / "twin" / "esxsim"
_TIMEOUT_S = 600.0


def simulator_binary(progress: Progress) -> Path:
    """Return the static binary, built when the source changed."""
    binary = CACHE / f"esxsim-{_digest()}"
    if binary.is_file():
        return binary
    progress.say("ESX simulator: go build")
    CACHE.mkdir(parents=True, exist_ok=True)
    partial = binary.with_suffix(".partial")
    with_go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if with_go is None:
        _build_in_container(progress, partial)
    else:
        run([with_go, "-C", str(SOURCE), "build", "-trimpath", "-o", str(partial), "."], timeout_s=_TIMEOUT_S,
            extra={"CGO_ENABLED": "0"})  # fmt: skip
    for stale in CACHE.glob("esxsim-*"):
        if stale != partial:
            stale.unlink()
    partial.rename(binary)
    progress.say(f"ESX simulator: {binary.name}")
    return binary


def _build_in_container(progress: Progress, target: Path) -> None:
    """Build where Debian's Go fetches the toolchain that go.mod asks for (GOTOOLCHAIN=auto)."""
    script = (
        "apt-get update && apt-get install -y --no-install-recommends golang-go"
        f" && cd /src && CGO_ENABLED=0 GOTOOLCHAIN=auto go build -trimpath -o /out/{target.name} ."
    )
    volumes = [f"--volume={SOURCE}:/src:ro", f"--volume={CACHE}:/out"]
    host_network_container(base_image(progress), volumes, script, CACHE / "esxsim.log")


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCE.glob("*")):
        if path.suffix in {".go", ".json", ".mod", ".sum"} and not path.name.endswith("_test.go"):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
