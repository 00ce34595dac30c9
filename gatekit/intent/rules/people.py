"""Dates in their order and the contacts that the work needs (OP-10, OP-11)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from gatekit.errors import IntentError
from gatekit.intent.site import Site

IN_ORDER = ("line_ready", "build", "connection_tests", "viewing_tests", "s_in")


def people_rules(site: Site) -> Iterator[IntentError]:
    """Yield GW141 for dates out of order and GW103 for a contact that the site needs."""
    dates = {name: getattr(site.schedule, name) for name in IN_ORDER}
    for earlier, later in pairwise(IN_ORDER):
        if dates[later] < dates[earlier]:
            fix = f"Use a date not before {earlier} ({dates[earlier]})."
            yield IntentError("GW141", f"schedule.{later}", str(dates[later]), fix)
    latest = two_months_before(dates["s_in"])
    if dates["line_ready"] > latest:
        fix = f"Use {latest} or earlier: line and environment stand two months before S-in (OP-10)."
        yield IntentError("GW141", "schedule.line_ready", str(dates["line_ready"]), fix)
    roles = {contact.role for contact in site.contacts}
    asked = site.l3_switch.managed_by == "network_vendor" or site.boundary.kind != "none"  # for a route, or for NW-5
    needed = {"hospital_it"} | ({"network_vendor"} if asked else set())
    for role in sorted(needed - roles):
        yield IntentError("GW103", "contacts", "missing", f"Give a contact with role {role}.")


def two_months_before(day: date) -> date:
    """Return the same day two months earlier, or that month's last day where it is shorter."""
    year, month = (day.year, day.month - 2) if day.month > 2 else (day.year - 1, day.month + 10)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
