"""From the tree to a bootable disk, in a container with Debian 13's own tools: the same on every machine."""

from __future__ import annotations

import re
from pathlib import Path

from tools.images.tree import RECIPE, SOURCE_DATE_EPOCH
from twin.commands import run
from twin.image_build import disk_tools_image
from twin.progress import Progress

DISK_MIB = 3072
"""The root file system grows to the VM's disk at the first boot (cloud-init's growpart)."""
DISK = "disk.vmdk"
_DESCRIPTOR_OFFSET, _DESCRIPTOR_BYTES = 512, 20 * 512  # text of a sparse extent as qemu-img writes it, NUL-padded
_CONTENT_ID = re.compile(rb"^CID=[0-9a-f]{1,8}$", re.MULTILINE)  # written without leading zeros
_TIMEOUT_S = 900


def make_disk(progress: Progress, work: Path, content_id: str) -> Path:
    """Turn ``work/root.tar`` into ``work/disk.vmdk`` (streamOptimized, EFI boot) and return it.

    Raises:
        TwinError: GW703 with the failing tool's words.
    """
    progress.say("disk: file systems, partition table, VMDK (about half a minute)")
    container = ["podman", "run", "--rm", "--network=none", f"--env=SOURCE_DATE_EPOCH={SOURCE_DATE_EPOCH}"]
    volumes = [f"--volume={work}:/image", f"--volume={RECIPE}:/recipe:ro"]
    command = [*container, *volumes, disk_tools_image(progress), "sh", "/recipe/assemble.sh", str(DISK_MIB)]
    run(command, timeout_s=_TIMEOUT_S)
    disk = work / DISK
    set_content_id(disk, content_id)
    return disk


def set_content_id(disk: Path, content_id: str) -> None:
    """Replace the random content id that qemu-img wrote by this one (8 hexadecimal digits).

    Raises:
        ValueError: the file has not exactly one where qemu-img writes it.
    """
    with disk.open("r+b") as file:
        file.seek(_DESCRIPTOR_OFFSET)
        text = file.read(_DESCRIPTOR_BYTES).rstrip(b"\0")
        if len(_CONTENT_ID.findall(text)) != 1:
            raise ValueError(f"{disk.name}: not exactly one content id")
        file.seek(_DESCRIPTOR_OFFSET)
        file.write(_CONTENT_ID.sub(f"CID={content_id}".encode(), text).ljust(_DESCRIPTOR_BYTES, b"\0"))
