"""ISO images by xorriso: read files, copy an image with some files replaced, compare how two of them boot."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatekit.errors import IntentError

__all__ = ["boot_records", "extract", "extract_tree", "files_of", "remaster"]

TIMEOUT_S = 900
ADDRESS_COLUMNS = {"El Torito catalog": (0,), "El Torito boot img": (7,), "MBR partition": (3, 4)}
"""Line of a boot report -> its columns that are block addresses or follow from the image's length."""
LOAD_SIZE, SECTORS_PER_BLOCK = 6, 4
ADDRESS_LINES = frozenset({"ISO image size/512", "GPT lba range", "GPT start and size"})
UNIQUE_LINES = frozenset({"GPT disk GUID", "GPT partition GUID", "GPT CRC"})  # new for every image
NOT_AN_IMAGE = "Give an ISO image that xorriso can read."


def _xorriso(image: Path, *words: str) -> str:
    """Return what xorriso wrote to standard output; any complaint from FAILURE on is an error."""
    program = shutil.which("xorriso")
    if program is None:
        raise IntentError("GW147", "machine.xorriso", "missing", "Install it: apt-get install xorriso.")
    command = [program, "-no_rc", "-report_about", "WARNING", "-return_with", "FAILURE", "32", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S, errors="replace")
    if done.returncode != 0:
        raise IntentError("GW147", f"machine.xorriso {image.name}", done.stderr.strip()[-400:], NOT_AN_IMAGE)
    return done.stdout


def files_of(image: Path) -> tuple[str, ...]:
    """Return the path of every file in an image, as it is stored: ``/BOOT.CFG``, or small where Rock Ridge is."""
    listed = _xorriso(image, "-indev", str(image), "-find", "/", "-type", "f")
    return tuple(line.strip("'") for line in listed.splitlines())


def extract(image: Path, paths: Mapping[str, Path]) -> None:
    """Copy files out of an image: path inside -> where to."""
    words = [word for path, target in paths.items() for word in ("-extract", path, str(target))]
    _xorriso(image, "-osirrox", "on", "-indev", str(image), *words)


def extract_tree(image: Path, target: Path) -> None:
    """Copy the whole content of an image into ``target``, made writable for its owner."""
    _xorriso(image, "-osirrox", "on:auto_chmod_on", "-indev", str(image), "-extract", "/", str(target))
    for path in (target, *target.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def remaster(source: Path, target: Path, files: Mapping[str, Path]) -> None:
    """Copy an image with its boot equipment as it is, and with these files in it: path inside -> content's file."""
    words: list[str] = ["-indev", str(source), "-outdev", str(target), "-boot_image", "any", "replay"]
    for path, content in files.items():
        words += ["-map", str(content), path]
    _xorriso(source, *words, "-commit")


def boot_records(image: Path) -> tuple[str, ...]:
    """Return how the image boots, El Torito and system area, without the addresses of blocks.

    What is left must not differ between VMware's image and ours: both kinds of boot image, their platforms,
    load sizes and paths, and the partition tables' kinds.
    """
    el_torito = _xorriso(image, "-indev", str(image), "-report_el_torito", "plain")
    system_area = _xorriso(image, "-indev", str(image), "-report_system_area", "plain")
    return tuple(_without_addresses([*el_torito.splitlines(), *system_area.splitlines()]))


def _without_addresses(lines: Sequence[str]) -> list[str]:
    kept = []
    for line in lines:
        name, _, value = line.partition(":")
        words = value.split()
        if name.strip() in ADDRESS_COLUMNS:
            words = [word for index, word in enumerate(words) if index not in ADDRESS_COLUMNS[name.strip()]]
        elif name.strip() in ADDRESS_LINES | UNIQUE_LINES:
            continue
        if name.strip() == "El Torito boot img":
            # its load size, in sectors of 512 bytes: one program rounds up to whole blocks of the disc, another not
            words[LOAD_SIZE] = str(-(-int(words[LOAD_SIZE]) // SECTORS_PER_BLOCK) * SECTORS_PER_BLOCK)
        kept.append(f"{name.strip()}: {' '.join(words)}")
    return kept
