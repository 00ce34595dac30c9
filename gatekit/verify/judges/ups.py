"""What NUT says on VM2 (AP-5)."""

from __future__ import annotations

from gatekit.model import Text
from gatekit.plan.model import Plan
from gatekit.verify.model import Check, Verdict

MAINS, LOW = "OL", "LB"


def watched(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """Return whether the UPS is on mains with its batteries full enough, and both machines hear of it."""
    if plan.ups is None:
        raise LookupError(f"{check.id}: the plan has no UPS")
    status, listeners = texts[0].split(), set(texts[1].split())
    client = str(plan.vm(plan.ups.client).address)
    ok = MAINS in status and LOW not in status and {client, "127.0.0.1"} <= listeners
    said, heard = " ".join(status) or "-", " ".join(sorted(listeners)) or "-"
    return Verdict(ok=ok, observed=Text(ja=f"状態 {said}、通知先 {heard}", en=f"status {said}, told {heard}"))
