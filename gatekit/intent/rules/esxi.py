"""The ESXi host's licence lets us work, and its deviations are from items that exist (AP-1)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from gatekit.catalogue.hardening_baseline import esxi_baseline
from gatekit.errors import IntentError
from gatekit.intent.site import Site


def esxi_rules(site: Site) -> Iterator[IntentError]:
    """Yield GW148 for a licence that cannot work, GW111 and GW112 for deviations given twice or from nothing."""
    if site.esxi.licence == "free":
        fix = "Enter a vSphere licence: the free edition refuses every change through the API."
        yield IntentError("GW148", "esxi.licence", "free", fix)
    if site.esxi.licence == "evaluation" and site.hospital.stage == "live":
        fix = "Enter a vSphere licence before the site is live: after 60 days no machine could be started."
        yield IntentError("GW148", "esxi.licence", "evaluation", fix)
    yield from _deviations(site)


def _deviations(site: Site) -> Iterator[IntentError]:
    known, seen = {item.id for item in esxi_baseline()}, set[str]()
    for index, row in enumerate(site.esxi.deviations):
        path = f"esxi.deviations[{index}].item"
        if row.item in seen:
            yield IntentError("GW111", path, row.item, "Give one deviation an item.")
        elif row.item not in known:
            near = difflib.get_close_matches(row.item, sorted(known), n=1)
            fix = f"Did you mean `{near[0]}`?" if near else "Use an id of docs/reference/hardening.md."
            yield IntentError("GW112", path, row.item, fix)
        seen.add(row.item)
