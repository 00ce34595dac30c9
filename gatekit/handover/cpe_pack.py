"""``python -m gatekit.handover.cpe_pack build/<site> inventories/<site> --serial S --wan-mac M``: a sent CPE's pack.

Advance replacement (VPN-3): before a unit leaves the office, its folder has what it was given (secrets by name, never
their values: those are in the unit alone), the checksums of all of it, a label to print, and the instruction that
goes into the parcel. Prints each file with ``changed`` or ``unchanged``; exit status 2 when none can be made.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from gatekit.catalogue import products
from gatekit.devices.platforms import platform_of
from gatekit.errors import GatekitError, IntentRefused, RenderError
from gatekit.handover.cpe_label import unit_label
from gatekit.handover.cpe_swap import swap_instruction
from gatekit.handover.sent_cpe import sent_plan, sent_unit
from gatekit.intent.load import Intent, load_intent
from gatekit.intent.vpn import CpeUnit, Pattern3
from gatekit.plan.make import make_plan
from gatekit.plan.model import Plan
from gatekit.plan.network_device import CpePart, CpePlan
from gatekit.render.linux.cpe_files import cpe_files
from gatekit.render.linux.host_facts import CpeHostFacts
from gatekit.verify.cpe_records import PACK_FOLDER, cpe_sha256
from gatekit.whole_file import write_atomically

CONFIGURATION, LABEL, INSTRUCTION, SUMS = "configuration.txt", "label.html", "cpe_swap.html", "SHA256SUMS"
LINUX_FACTS = {"tunnel": "xfrm10", "if_id": 10}
"""As roles/cpe has them by default; a host that differs is given its own when it is staged."""


def configuration_text(plan: CpePlan) -> str:
    """Return what the unit is given, secrets by name: a vendor's configuration, or every file of a Linux unit."""
    if not products()[plan.product].changed_on_host:
        return platform_of(plan.product).render(CpePart(plan, plan.units[0]))
    facts = CpeHostFacts.model_validate({"lan": plan.lan.port, "wan": plan.wan.port, **LINUX_FACTS})
    files = cpe_files(plan, facts)
    written = (files.rules, *files.ways, *files.settled)
    return "\n".join(f"# ===== {file.path}\n{file.content}" for file in written if file.state == "present")


def cpe_pack(plan: Plan, intent: Intent, sent: CpeUnit) -> dict[str, str]:
    """Return file name -> content of the pack of one sent unit; pure.

    Raises:
        RenderError: GW302 where no unit is sent, or for the unit that is in use.
    """
    vpn = intent.site.vpn
    if plan.cpe is None or not isinstance(vpn, Pattern3):
        fix = "Only pattern 3 sends a CPE in advance: stage the spare (1) or replace it on site (2)."
        raise RenderError("GW302", "vpn.pattern", plan.pattern, fix)
    if sent.serial in {unit.serial for unit in plan.cpe.units}:
        fix = "Give the serial number of the unit that is sent, not of the one in use."
        raise RenderError("GW302", "sent.serial", sent.serial, fix)
    part = sent_plan(plan.cpe, sent)
    configuration = configuration_text(part)
    files = {
        CONFIGURATION: configuration,
        LABEL: unit_label(
            plan, part, vpn.line, plan_sha256=cpe_sha256(part), configuration_sha256=_sha256(configuration)
        ),
        INSTRUCTION: swap_instruction(plan, vpn.line, sent=sent),
    }
    sums = "".join(f"{_sha256(text)}  {name}\n" for name, text in sorted(files.items()))
    return {**files, SUMS: sums}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write_cpe_pack(build: Path, inventory: Path, sent: CpeUnit) -> dict[Path, bool]:
    """Write every file of the pack; return whether each changed. Errors as ``cpe_pack`` and ``load_intent``."""
    intent = load_intent(inventory)
    folder = build / f"{PACK_FOLDER}{sent.serial}"
    files = cpe_pack(make_plan(intent), intent, sent)
    folder.mkdir(parents=True, exist_ok=True)
    return {folder / name: write_atomically(folder / name, text.encode()) for name, text in files.items()}


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(prog="gatekit.handover.cpe_pack", description=__doc__)
    parser.add_argument("build", type=Path, help="build/<site>")
    parser.add_argument("inventory", type=Path, help="inventories/<site>")
    parser.add_argument("--serial", required=True, help="serial number on the unit that is sent")
    parser.add_argument("--wan-mac", required=True, help="MAC address of its WAN port")
    arguments = parser.parse_args()
    try:
        written = write_cpe_pack(arguments.build, arguments.inventory, sent_unit(arguments.serial, arguments.wan_mac))
    except (GatekitError, IntentRefused) as error:
        print(error, file=sys.stderr)
        return 2
    for path, changed in written.items():
        print("changed" if changed else "unchanged", path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
