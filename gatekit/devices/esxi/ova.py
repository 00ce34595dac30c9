"""One OVA on the controller: the very file, its descriptor, and its disk as a stream."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gatekit.errors import IntentError

__all__ = ["Ova", "OvaFile", "opened"]

FIX = "Give the OVA that tools/image wrote, and its line of SHA256SUMS."
PATH = "appliance.linux_image"


@dataclass(frozen=True, slots=True)
class OvaFile:
    """The OVA that a site names: where it lies and what ``sha256sum`` prints for it."""

    path: Path
    sha256: str

    def require(self) -> None:
        """Refuse another file; IntentError GW142."""
        if not self.path.is_file():
            raise IntentError("GW142", f"{PATH}.path", str(self.path), FIX)
        with self.path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
        if actual != self.sha256:
            raise IntentError("GW142", f"{PATH}.sha256", actual, FIX)


@dataclass(frozen=True, slots=True)
class Ova:
    """An opened OVA with its one disk (streamOptimized VMDK)."""

    descriptor: str
    disk_name: str
    disk_bytes: int
    disk: IO[bytes]


@contextmanager
def opened(file: OvaFile) -> Iterator[Ova]:
    """Open an OVA.

    Raises:
        IntentError: GW145 it is not an OVA with one descriptor and one VMDK.
    """
    try:
        with tarfile.open(file.path) as archive:
            yield _read(archive, file.path.name)
    except tarfile.TarError as error:
        raise IntentError("GW145", PATH, f"{file.path.name}: {error}", FIX) from error


def _read(archive: tarfile.TarFile, name: str) -> Ova:
    members = {suffix: [one for one in archive if one.name.endswith(suffix)] for suffix in (".ovf", ".vmdk")}
    if [len(found) for found in members.values()] != [1, 1]:
        raise IntentError("GW145", PATH, f"{name}: not one descriptor and one disk", FIX)
    (ovf,), (vmdk,) = members.values()
    text, disk = archive.extractfile(ovf), archive.extractfile(vmdk)
    if text is None or disk is None:
        raise IntentError("GW145", PATH, f"{name}: its descriptor or disk is no file", FIX)
    return Ova(text.read().decode(), vmdk.name, vmdk.size, disk)
