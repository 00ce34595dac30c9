"""The image's Debian 13 tree as one tar file: the twin's packages, a kernel and what a virtual machine needs."""

from __future__ import annotations

from pathlib import Path

from twin.image_build import base_packages, bootstrap
from twin.progress import Progress

RECIPE = Path(__file__).resolve().parent / "recipe"
SOURCE_DATE_EPOCH = 1793491200
"""2026-11-01T00:00:00Z: no time in the image is later. Raised by hand when the recipe changes."""
MIRROR_KEY = "/usr/share/keyrings/gatekit-mirror.gpg"
"""Where the guest looks for the key of its package source (``mirror.signed_by`` of data_centre.yml)."""


def make_tree(progress: Progress, target: Path, mirror_key: Path | None) -> None:
    """Write the tree; every byte and time in it follows from the package versions, the recipe and the key.

    Raises:
        TwinError: GW703 with mmdebstrap's words.
    """
    progress.say("tree: mmdebstrap (about a minute)")
    packages = (*base_packages(), *(RECIPE / "packages").read_text().split())
    hooks = [f'cp -rT --preserve=mode {RECIPE / "root"} "$1"']
    if mirror_key is not None:
        hooks.append(f'install -D -m 0644 {mirror_key.resolve()} "$1{MIRROR_KEY}"')
    # the one source of packages is the plan's, laid down by linux_base
    hooks.append('rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*')
    environment = {"SOURCE_DATE_EPOCH": str(SOURCE_DATE_EPOCH)}
    bootstrap(target, packages, hooks, environment, target.with_suffix(".log"))
