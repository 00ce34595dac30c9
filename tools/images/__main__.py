"""Build the image of our Linux VMs.

Writes into the output folder: gatekit-debian13.ova, gatekit-debian13.cdx.json (CycloneDX) and SHA256SUMS.
The site file names the OVA by its sha256 (``appliance.linux_image``).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from gatekit.devices.esxi.vm_spec import HARDWARE_VERSION
from gatekit.errors import GatekitError
from tools.images.archive import sha256_of, write_ova
from tools.images.bill_of_materials import bill_of_materials, installed_packages
from tools.images.descriptor import Disk, descriptor
from tools.images.disk import DISK_MIB, make_disk
from tools.images.tree import SOURCE_DATE_EPOCH, make_tree
from twin.folders import ROOT
from twin.progress import Progress

NAME = "gatekit-debian13"


def build_image(progress: Progress, output: Path, mirror_key: Path | None) -> dict[str, str]:
    """Write OVA, bill of materials and SHA256SUMS into ``output``; return file name -> sha256.

    Raises:
        TwinError: GW703 a tool is missing or failed.
    """
    output.mkdir(parents=True, exist_ok=True)
    ova, bill = output / f"{NAME}.ova", output / f"{NAME}.cdx.json"
    # beside the output: a disk image is too large for many a /tmp
    with tempfile.TemporaryDirectory(prefix=".building-", dir=output) as scratch:
        work = Path(scratch)
        tree = work / "root.tar"
        make_tree(progress, tree, mirror_key)
        version = sha256_of(tree)[:12]
        bill.write_text(bill_of_materials(NAME, version, SOURCE_DATE_EPOCH, installed_packages(tree)))
        disk = make_disk(progress, work, content_id=f"1{version[:7]}")
        ovf = descriptor(NAME, version, HARDWARE_VERSION, Disk(disk.name, disk.stat().st_size, DISK_MIB))
        write_ova(work / ova.name, NAME, ovf, disk, SOURCE_DATE_EPOCH)
        (work / ova.name).replace(ova)
    sums = {path.name: sha256_of(path) for path in (bill, ova)}
    (output / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))
    return sums


def main() -> int:
    """Return the exit status: 0 when all is written, 2 when a tool is missing or failed."""
    parser = argparse.ArgumentParser(prog="tools/image", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "images", help="default: build/images")
    parser.add_argument("--mirror-key", type=Path, help="public key the guests trust packages by (the data centre's)")
    arguments = parser.parse_args()
    progress = Progress()
    try:
        sums = build_image(progress, arguments.output.resolve(), arguments.mirror_key)
    except GatekitError as error:
        print(error, file=sys.stderr)
        return 2
    for name, digest in sums.items():
        progress.say(f"{digest}  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
