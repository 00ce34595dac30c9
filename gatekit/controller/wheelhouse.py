"""The PACS GatewayService as one file: every wheel it needs, checked by hash, for hosts that see no package index.

``python -m gatekit.controller.wheelhouse --project FOLDER --cache FOLDER`` prints the file and its digest as JSON.
Wheels are fetched once for each requirements/pacs_gateway.txt; the file is made anew when our own code changes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from gatekit import __version__
from gatekit.controller.pure_wheel import pure_wheel
from gatekit.errors import DeviceError

__all__ = ["Bundle", "make_bundle"]

REQUIREMENTS = "requirements/pacs_gateway.txt"
TARGET = ("--implementation=cp", "--python-version=3.13", "--abi=cp313", "--abi=abi3", "--abi=none")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
"""VM1 is Debian 13 on x86-64: CPython 3.13, glibc 2.41."""
PARTS = (
    "gatekit/__init__.py",
    "gatekit/codes.py",
    "gatekit/errors.py",
    "gatekit/model.py",
    "gatekit/plan/__init__.py",
    "gatekit/plan/vm1/__init__.py",
    "gatekit/plan/vm1/model.py",
    "gatekit/dicom/*.py",
    "gatekit/pacs_gateway/*.py",
    "gatekit/pacs_gateway/*.sql",
)
SCRIPTS = {
    "gatekit-pacs": "gatekit.pacs_gateway.cli:main",
    "gatekit-pacs-gateway": "gatekit.pacs_gateway.daemon:main",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The file on the controller; ``built`` says whether this call made it."""

    path: str
    digest: str
    built: bool


def make_bundle(project: Path, cache: Path) -> Bundle:
    """Return the file for this checkout, made if need be.

    Raises:
        DeviceError: GW424 when the wheels can be fetched from nowhere, or one has another hash.
    """
    ours = our_wheel(project)
    locked = (project / REQUIREMENTS).read_bytes()
    digest = hashlib.sha256(hashlib.sha256(locked).digest() + hashlib.sha256(ours).digest()).hexdigest()
    path = cache / f"pacs-gateway-{digest[:12]}.tar"
    if path.exists():
        return Bundle(str(path), digest, built=False)
    cache.mkdir(parents=True, exist_ok=True)
    wheels = _fetched(project / REQUIREMENTS, cache / f"wheels-{hashlib.sha256(locked).hexdigest()[:12]}")
    name = f"gatekit-{__version__}-py3-none-any.whl"
    wanted = locked.decode() + f"gatekit=={__version__} --hash=sha256:{hashlib.sha256(ours).hexdigest()}\n"
    contents = {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in sorted(wheels.glob("*.whl"))}
    _write(path, tar({**contents, f"wheels/{name}": ours, "requirements.txt": wanted.encode()}))
    for stale in set(cache.glob("pacs-gateway-????????????.tar")) - {path}:
        stale.unlink(missing_ok=True)
    for stale in set(cache.glob("wheels-????????????")) - {wheels}:
        shutil.rmtree(stale)
    return Bundle(str(path), digest, built=True)


def our_wheel(project: Path) -> bytes:
    """Return gatekit as a wheel that holds what the daemon imports and nothing else; same checkout, same bytes."""
    found = {path: (project / path).read_bytes() for path in _parts(project)}
    return pure_wheel("gatekit", __version__, found, SCRIPTS)


def _parts(project: Path) -> Iterator[str]:
    for pattern in PARTS:
        yield from sorted(str(path.relative_to(project)) for path in project.glob(pattern))


def _fetched(requirements: Path, folder: Path) -> Path:
    """Return the folder with every wheel of the requirements; complete, or not there."""
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="wheels.") as fresh:
        options = ["--require-hashes", "--no-deps", "--only-binary=:all:", *TARGET, f"--dest={fresh}"]
        words = ["download", "--quiet", "--disable-pip-version-check", *options, *_platforms(PLATFORMS)]
        pip = [sys.executable, "-m", "pip", *words, f"--requirement={requirements}"]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-4:])
            fix = f"Give the controller its package index, or put the wheels of {requirements.name} into {folder}."
            raise DeviceError("GW424", "controller.wheelhouse", said, fix)
        shutil.copytree(fresh, f"{fresh}.whole")
    try:
        Path(f"{fresh}.whole").rename(folder)
    except OSError:  # another run made it meanwhile
        shutil.rmtree(f"{fresh}.whole")
    return folder


def _platforms(names: Iterable[str]) -> list[str]:
    return [f"--platform={name}" for name in names]


def tar(contents: Mapping[str, bytes]) -> bytes:
    """Return the files as a tar archive that depends on names and contents only."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in sorted(contents.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as fresh:
        fresh.write(content)
    Path(fresh.name).rename(path)


def main() -> None:
    """Print the bundle."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    given = parser.parse_args()
    try:
        print(json.dumps(asdict(make_bundle(given.project, given.cache))))
    except DeviceError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
