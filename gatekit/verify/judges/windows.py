"""VM3's hardware as the ESXi API reports it (AP-4), in the JSON that ``gatekit.verify.esxi_reading`` writes."""

from __future__ import annotations

import json
from typing import Any

from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

__all__ = ["hardware"]

INBOX = frozenset({"VirtualNVMEController", "VirtualE1000e"})
"""What Microsoft's media have drivers for (reference esxi-windows B.2)."""
REFUSED = frozenset(
    {"VirtualFloppy", "VirtualSerialPort", "VirtualParallelPort", "VirtualTPM", "ParaVirtualSCSIController"}
)
"""No way in by old ports, no vTPM without a key provider, no controller Setup has no driver for."""


def hardware(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-4: EFI with Secure Boot, a disk and a card Windows knows, and only planned ISOs in the drives."""
    del check
    wanted = plan.windows
    rows = {row["name"]: row["hardware"] for row in json.loads(texts[0])["machines"]}
    if wanted.vm not in rows:
        return Verdict(ok=False, observed=both(f"{wanted.vm} absent"))
    found: dict[str, Any] = rows[wanted.vm]
    devices = set(found["devices"])
    media = (wanted.installation_media, wanted.answer_media, wanted.tools_media)
    planned = {image.path for image in media if image is not None}
    ok = (
        (found["firmware"], found["secure_boot"]) == ("efi", True)
        and devices >= INBOX
        and not devices & REFUSED
        and set(found["isos"]) <= planned
    )
    kinds = " ".join(sorted(devices & (INBOX | REFUSED)))
    boot = "Secure Boot" if found["secure_boot"] else "no Secure Boot"
    return Verdict(
        ok=ok, observed=both(f"{found['firmware']}, {boot}; {kinds}; {', '.join(found['isos']) or 'no ISO'}")
    )
