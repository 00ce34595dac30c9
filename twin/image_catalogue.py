"""Which images exist, what each is made from, and the tag that follows from it (pure but for reading recipes)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from twin.folders import IMAGES

REPOSITORY = "localhost/gatekit"


class Image(StrEnum):
    """One image of the twin; ``BASE`` is the parent of all."""

    BASE = "base"
    BUILDER = "builder"
    DISK_TOOLS = "disk_tools"
    GUEST = "guest"
    FIREWALL = "firewall"
    SWITCH = "switch"
    LINE = "line"
    SERVICES = "services"
    PORTAL = "portal"
    PACS = "pacs"
    TERMINAL = "terminal"


TOOLS = (Image.BUILDER, Image.DISK_TOOLS)
"""Containers that make something and end: the package mirror, the disk of tools/image."""
DERIVED = tuple(image for image in Image if image not in (Image.BASE, *TOOLS))
"""Everything a twin or molecule runs."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The content that decides an image: its folder, its parent and what is handed in."""

    image: Image
    digest: str  # 12 hexadecimal digits

    @property
    def tag(self) -> str:
        """Return the full image name, e.g. ``localhost/gatekit/guest:0123456789ab``."""
        return f"{REPOSITORY}/{self.image}:{self.digest}"


def recipe(image: Image, mirror_key: bytes, folder: Path = IMAGES) -> Recipe:
    """Return the recipe of an image; ``mirror_key`` is the public key guests trust packages by."""
    parts = [_folder_digest(folder / image)]
    if image is not Image.BASE:
        parts.append(recipe(Image.BASE, b"", folder).digest)
    if image in DERIVED:
        parts.append(hashlib.sha256(mirror_key).hexdigest())
    return Recipe(image, hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12])


def _folder_digest(folder: Path) -> str:
    """Return the sha256 over names, modes and contents of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            executable = bool(path.stat().st_mode & 0o100)
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder)} {executable} {content}\n".encode())
    return digest.hexdigest()
