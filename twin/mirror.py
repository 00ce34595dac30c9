"""The package mirror: a signed flat apt repository with every package a role installs, and what that needs.

Made by apt itself in a container of the clean base tree, so the closure is what a fresh guest would fetch.
It lies in build/cache/mirror-<digest>/ and is rebuilt only when the package lists or the base image change: the image
bears the versions of its day, and a package that goes with another version of a library cannot be installed on it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from twin import mirror_key
from twin.commands import run
from twin.folders import CACHE, IMAGES, ROOT
from twin.image_build import base_image, builder_image, host_network_container, image_id
from twin.image_catalogue import Image, recipe
from twin.progress import Progress

_RELEASE = "gatekit-mirror"


def wanted_packages(roles: Path = ROOT / "roles") -> tuple[str, ...]:
    """Return the packages of all ``__<role>_packages`` lists and the few of the twin's own list, sorted."""
    found = set((IMAGES / "builder" / "mirror_packages").read_text().split())
    for path in roles.glob("*/vars/main.yml"):
        for name, value in (yaml.safe_load(path.read_text()) or {}).items():
            if name.startswith("__") and name.endswith("_packages"):
                found.update(str(package) for package in value)
    return tuple(sorted(found))


def mirror_folder(packages: Iterable[str], base_id: str) -> Path:
    """Return where the mirror with these packages for this base image lies or will lie."""
    text = "\n".join([base_id, recipe(Image.BUILDER, b"").digest, *packages])
    return CACHE / f"mirror-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def build_mirror(progress: Progress) -> Path:
    """Return the mirror's folder, built when missing; older mirrors are removed.

    Raises:
        TwinError: GW703 with apt's words, e.g. for a package that does not exist.
    """
    packages = wanted_packages()
    base = base_image(progress)
    folder = mirror_folder(packages, image_id(base))
    if (folder / "InRelease").is_file():
        return folder
    started = progress.elapsed_s
    progress.say(f"package mirror: {len(packages)} packages and what they need")
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    _reuse_archives(partial / "pool")
    _download(base, partial, packages)
    _index(progress, partial)
    for stale in CACHE.glob("mirror-????????????"):
        shutil.rmtree(stale)
    partial.rename(folder)
    count = len(list((folder / "pool").glob("*.deb")))
    progress.say(f"package mirror: {count} files ({progress.elapsed_s - started:.0f} s)")
    return folder


def _reuse_archives(pool: Path) -> None:
    """Hard-link what older mirrors have, so that a changed list downloads only what is new."""
    (pool / "partial").mkdir(parents=True)
    for archive in CACHE.glob("mirror-????????????/pool/*.deb"):
        if not (pool / archive.name).exists():
            (pool / archive.name).hardlink_to(archive)


def _download(base: str, folder: Path, packages: Iterable[str]) -> None:
    script = (
        "apt-get update && apt-get install -y --no-install-recommends --download-only"
        " -o Dir::Cache::archives=/out/pool " + " ".join(packages)
    )
    log = CACHE / "mirror.log"
    host_network_container(base, [f"--volume={folder}:/out"], script, log)


def _index(progress: Progress, folder: Path) -> None:
    """Write Packages, Release and the signature."""
    builder = builder_image(progress)
    mirror_key.public_key(builder)
    script = (
        "cd /out && rm -rf pool/partial pool/lock && apt-ftparchive packages pool > Packages && gzip -kn Packages"
        f" && apt-ftparchive -o APT::FTPArchive::Release::Origin={_RELEASE}"
        f" -o APT::FTPArchive::Release::Label={_RELEASE}"
        " release . > /tmp/Release && mv /tmp/Release Release"
        " && gpg --batch --yes --clearsign --output InRelease Release && gpg --batch --export > mirror.gpg"
        " && chmod -R a+rX ."
    )
    container = ["podman", "run", "--rm", "--network=none", f"--volume={mirror_key.HOME}:/key", "--env=GNUPGHOME=/key"]
    run([*container, f"--volume={folder}:/out", builder, "sh", "-euc", script], timeout_s=300)
