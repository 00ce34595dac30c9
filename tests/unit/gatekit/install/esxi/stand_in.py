"""An ISO with the layout of VMware's installer: El Torito for BIOS and UEFI, both boot.cfg with CRLF."""

from __future__ import annotations

import subprocess
from pathlib import Path

BOOT_CFG = (
    b"bootstate=0\r\ntitle=Loading ESXi installer\r\ntimeout=5\r\nprefix=\r\nkernel=/b.b00\r\n"
    b"kernelopt=runweasel cdromBoot\r\nmodules=/jumpstrt.gz --- /useropts.gz\r\nbuild=8.0.3-0.0.24022510\r\n"
    b"updated=0\r\n"
)
BIOS_IMAGE, UEFI_IMAGE, CATALOGUE = "ISOLINUX.BIN", "EFIBOOT.IMG", "BOOT.CAT"


def installer_iso(
    folder: Path,
    name: str = "VMware-VMvisor-Installer.iso",
    boot_cfg: bytes = BOOT_CFG,
    *,
    small_names: bool = False,
) -> Path:
    """Return a new ISO in ``folder``; what it boots is noise, where it boots from is as in VMware's.

    With ``small_names`` it has Rock Ridge, which keeps the case of names.
    """
    stored, options = (str.lower, ["-R"]) if small_names else (str, [])
    tree = folder / f"{name}.tree"
    files = {
        BIOS_IMAGE: bytes(range(256)) * 96,
        UEFI_IMAGE: b"\xeb\x3c\x90UEFI" * 200_000,
        "B.B00": b"\x1f\x8bkernel" * 5_000,
        "EFI/BOOT/BOOTX64.EFI": b"MZ" * 4_000,
        "BOOT.CFG": boot_cfg,
        "EFI/BOOT/BOOT.CFG": boot_cfg.replace(b"timeout=5", b"timeout=6"),
    }
    for path, content in files.items():
        (tree / stored(path)).parent.mkdir(parents=True, exist_ok=True)
        (tree / stored(path)).write_bytes(content)
    iso = folder / name
    command = [
        "xorriso", "-as", "mkisofs", "-quiet", "-V", "ESXI-8.0U3-STANDARD", "-relaxed-filenames", *options,
        "-o", str(iso), "-b", stored(BIOS_IMAGE), "-c", stored(CATALOGUE), "-no-emul-boot", "-boot-load-size", "4",
        "-boot-info-table", "-eltorito-alt-boot", "-e", stored(UEFI_IMAGE), "-no-emul-boot", str(tree),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return iso
