"""The OVA: descriptor, manifest and disk in one tar file whose bytes follow from theirs alone."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Return the file's sha256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_ova(target: Path, name: str, ovf: str, disk: Path, epoch: int) -> None:
    """Write the OVA: the descriptor first, then the manifest, then the disk, as the OVF standard orders them."""
    text = ovf.encode()
    manifest = (
        f"SHA256({name}.ovf)= {hashlib.sha256(text).hexdigest()}\n"
        f"SHA256({disk.name})= {sha256_of(disk)}\n"
    ).encode()  # fmt: skip
    with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as archive:
        for member, content in ((f"{name}.ovf", text), (f"{name}.mf", manifest)):
            archive.addfile(_member(member, len(content), epoch), io.BytesIO(content))
        with disk.open("rb") as file:
            archive.addfile(_member(disk.name, disk.stat().st_size, epoch), file)


def _member(name: str, size: int, epoch: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, epoch, 0o644
    member.uname = member.gname = "root"
    return member
