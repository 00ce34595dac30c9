"""Builds the images that are not there yet; a tag says what is in it, so a second run builds nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from twin import mirror_key
from twin.commands import require_tool, run, succeeds
from twin.folders import CACHE, IMAGES
from twin.image_catalogue import DERIVED, Image, Recipe, recipe
from twin.progress import Progress, in_parallel

_BUILD_TIMEOUT_S = 900.0
_PARALLEL_BUILDS = 2  # apt and dpkg keep one processor each busy
_CA_VARIABLES = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")


def build_images(progress: Progress, images: Iterable[Image] = DERIVED) -> dict[Image, str]:
    """Return the tag of each image asked for, building what is missing (and the base first)."""
    base = _base(progress)
    builder = _derived(progress, base, recipe(Image.BUILDER, b""), {})
    key = mirror_key.public_key(builder)
    recipes = {image: recipe(image, key) for image in images}
    handed_in = {"mirror.gpg": key}

    def build(one: Recipe) -> None:
        _derived(progress, base, one, handed_in)

    in_parallel([partial(build, one) for one in recipes.values()], _PARALLEL_BUILDS)
    return {image: wanted.tag for image, wanted in recipes.items()}


def builder_image(progress: Progress) -> str:
    """Return the tag of the image that signs the mirror, built when missing."""
    return _derived(progress, _base(progress), recipe(Image.BUILDER, b""), {})


def disk_tools_image(progress: Progress) -> str:
    """Return the tag of the image with the tools that make a disk, built when missing."""
    return _derived(progress, _base(progress), recipe(Image.DISK_TOOLS, b""), {})


def base_image(progress: Progress) -> str:
    """Return the tag of the clean tree, built when missing."""
    return _base(progress)


def exists(tag: str) -> bool:
    """Return whether podman has the image."""
    return succeeds(["podman", "image", "exists", tag])


def image_id(tag: str) -> str:
    """Return the id of an image's content: a tag follows from the recipe and may be built again with newer packages."""
    return run(["podman", "image", "inspect", "--format={{.Id}}", tag]).strip()


def _base(progress: Progress) -> str:
    wanted = recipe(Image.BASE, b"")
    if exists(wanted.tag):
        return wanted.tag
    tree = CACHE / f"base-{wanted.digest}.tar"
    if not tree.is_file():
        _bootstrap(progress, tree)
    run(["podman", "import", str(tree), wanted.tag], timeout_s=_BUILD_TIMEOUT_S)
    progress.say(f"image {wanted.tag}")
    return wanted.tag


def _bootstrap(progress: Progress, tree: Path) -> None:
    """Make the clean tree with the machine's own mmdebstrap; Debian's default mirror, its keyring's keys."""
    progress.say("base tree: mmdebstrap (about half a minute)")
    for stale in CACHE.glob("base-*.tar"):
        stale.unlink()
    unfinished = tree.with_suffix(".partial")
    bootstrap(unfinished, base_packages(), (), {}, CACHE / "base.log")
    unfinished.rename(tree)


def base_packages() -> tuple[str, ...]:
    """Return what every Debian 13 of ours has, the twin's containers and the VM image alike."""
    return tuple((IMAGES / "base" / "packages").read_text().split())


def bootstrap(
    tree: Path, packages: Iterable[str], hooks: Iterable[str], environment: Mapping[str, str], log: Path
) -> None:
    """Write a Debian 13 as tar file: these packages, then ``hooks`` (shell, the tree is ``$1``), then the trimming.

    Raises:
        TwinError: GW703 with mmdebstrap's words.
    """
    options = [f'--aptopt=Acquire::https::CaInfo "{path}"' for path in [_ca_file()] if path]
    words = [f"--customize-hook={hook}" for hook in (*hooks, f'{IMAGES / "base" / "trim.sh"} "$1"')]
    run(
        ["mmdebstrap", "--variant=minbase", "--format=tar", f"--include={','.join(packages)}", *options, *words,
         "trixie", str(tree)],
        timeout_s=_BUILD_TIMEOUT_S, log=log, extra=environment,
    )  # fmt: skip


def _derived(progress: Progress, base: str, wanted: Recipe, handed_in: dict[str, bytes]) -> str:
    """Build one image from its folder; ``handed_in`` and the machine's CA are mounted, never copied by podman."""
    if exists(wanted.tag):
        return wanted.tag
    # No layer cache: it does not see what is mounted, and would put an older mirror's key into the image.
    started = progress.elapsed_s
    archives = CACHE / "apt" / wanted.image
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gatekit-build-") as mount:
        arguments = _fill_mount(Path(mount), handed_in)
        run(
            ["podman", "build", "--no-cache", "--layers=false", "--network=host",
             f"--build-arg=BASE={base}", *arguments,
             f"--volume={mount}:/run/twin-build:ro", f"--volume={archives}:/var/cache/apt/archives",
             f"--tag={wanted.tag}", str(IMAGES / wanted.image)],
            timeout_s=_BUILD_TIMEOUT_S, log=CACHE / f"image-{wanted.image}.log",
        )  # fmt: skip
    progress.say(f"image {wanted.tag} ({progress.elapsed_s - started:.0f} s)")
    return wanted.tag


def host_network_container(image: str, volumes: Iterable[str], script: str, log: Path) -> None:
    """Run a shell script once in a container that reaches what this machine reaches (for downloads only)."""
    with tempfile.TemporaryDirectory(prefix="gatekit-build-") as mount:
        settings = [one.replace("--build-arg=", "--env=") for one in _fill_mount(Path(mount), {})]
        run(
            ["podman", "run", "--rm", "--network=host", *settings, f"--volume={mount}:/run/twin-build:ro", *volumes,
             image, "sh", "-euc", script],
            timeout_s=_BUILD_TIMEOUT_S, log=log,
        )  # fmt: skip


def _fill_mount(mount: Path, handed_in: dict[str, bytes]) -> list[str]:
    """Return the build arguments; the mount gets the files, the machine's CA and apt's settings."""
    for name, content in handed_in.items():
        (mount / name).write_bytes(content)
    settings = [
        'APT::Install-Recommends "false";',
        'Acquire::Retries "3";',
        "Binary::apt-get::APT::Keep-Downloaded-Packages true;",
    ]
    arguments = ["--build-arg=APT_CONFIG=/run/twin-build/apt.conf", "--build-arg=DEBIAN_FRONTEND=noninteractive"]
    if ca := _ca_file():
        shutil.copyfile(ca, mount / "ca.pem")
        settings.append('Acquire::https::CaInfo "/run/twin-build/ca.pem";')
        arguments.append("--build-arg=SSL_CERT_FILE=/run/twin-build/ca.pem")
    (mount / "apt.conf").write_text("\n".join(settings) + "\n")
    return arguments


def _ca_file() -> str | None:
    """Return the machine's own CA bundle when its environment names one (a TLS-inspecting proxy)."""
    return next((os.environ[name] for name in _CA_VARIABLES if os.environ.get(name)), None)


def require_build_tools() -> None:
    """Raise TwinError GW703 for the first tool that building needs and the machine lacks."""
    for tool in ("podman", "runc", "mmdebstrap"):
        require_tool(tool)
