"""The ESXi host against its hardening baseline; the text is the JSON that ``gatekit.verify.esxi_reading`` writes."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache

from pydantic import TypeAdapter

from gatekit.devices.esxi.hardening import Finding, Standing, hardening_findings
from gatekit.devices.esxi.host_state import HostState
from gatekit.devices.esxi.licence import EVALUATION, FREE, days_left
from gatekit.model import Text
from gatekit.plan.appliance import EsxiHostPlan
from gatekit.plan.model import Plan
from gatekit.verify.hardening_checks import PREFIX
from gatekit.verify.model import Check, Verdict
from gatekit.verify.words import both

__all__ = ["HOST_STATE", "item", "licence"]

HOST_STATE: TypeAdapter[HostState] = TypeAdapter(HostState)

WORDS = {
    Standing.KEPT: Text(ja="基準どおり", en="kept"),
    Standing.DEVIATES: Text(ja="期限内の例外", en="deviates"),
    Standing.OVER: Text(ja="例外の期限切れ", en="deviation is over"),
    Standing.DIFFERS: Text(ja="基準と異なる", en="differs"),
}


def item(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-1: one item is kept, or deviates with a reason whose time is not over."""
    finding = _findings(plan.esxi, texts[0])[check.id.removeprefix(PREFIX)]
    word = WORDS[finding.standing]
    tail = f": {finding.found}" if finding.ok and not finding.reason else f": {finding.found} / {finding.wanted}"
    tail += f"; {finding.reason}" if finding.reason else ""
    return Verdict(ok=finding.ok, observed=Text(ja=word.ja + tail, en=word.en + tail))


def licence(plan: Plan, check: Check, texts: tuple[str, ...]) -> Verdict:
    """AP-1: neither the free edition nor an evaluation that has ended; an evaluation shows its days."""
    del plan, check
    found, _ = _read(texts[0])
    left = days_left(found.licence)
    over = found.licence.edition == EVALUATION and left is not None and left <= 0
    seen = found.licence.name if left is None else f"{found.licence.name}: {left} d"
    return Verdict(ok=bool(found.licence.edition) and found.licence.edition != FREE and not over, observed=both(seen))


@lru_cache(maxsize=1)
def _findings(plan: EsxiHostPlan, text: str) -> dict[str, Finding]:
    state, today = _read(text)
    return {finding.item.id: finding for finding in hardening_findings(state, plan, today)}


def _read(text: str) -> tuple[HostState, date]:
    facts = json.loads(text)
    return HOST_STATE.validate_python(facts["host"]), date.fromisoformat(facts["read_on"])
