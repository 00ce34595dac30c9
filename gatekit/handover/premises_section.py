"""The page that says who maintains what (AP-8). Pure."""

from __future__ import annotations

from gatekit.handover.markup import Html, say, table, words
from gatekit.model import Text
from gatekit.plan.model import Plan

MAINTAINER = {
    "us": Text(ja="当社", en="us"),
    "hardware_vendor": Text(ja="機器メーカー", en="hardware vendor"),
    "hospital": Text(ja="病院", en="hospital"),
    "provider": Text(ja="回線事業者", en="provider"),
}


def support_table(plan: Plan) -> Html:
    """Return every part of the site with the one who maintains it."""
    head = (words("対象", "Part"), words("保守", "Maintained by"))
    return table(head, ((say(row.part), say(MAINTAINER[row.by])) for row in plan.premises.support))
