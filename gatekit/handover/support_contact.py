"""Whom the hospital calls and when: the same box on every paper it receives (OP-11). Pure."""

from __future__ import annotations

from gatekit.handover.markup import Html, plain, say
from gatekit.model import Text
from gatekit.plan.model import Plan

PHONE, HOURS = Text(ja="電話", en="Phone"), Text(ja="受付", en="Hours")


def support_contact(plan: Plan, *, english: bool = True) -> Html:
    """Return the box; ``english``: the reader of this paper can switch languages."""
    support = plan.data_centre.support

    def spoken(text: Text) -> Html:
        return say(text) if english else plain(text.ja)

    return Html(
        f'<div class="call"><div>{spoken(support.name)}</div>'
        f'<div class="phone">{spoken(PHONE)} {plain(support.phone)}</div>'
        f'<div class="hours">{plain(support.email)}</div>'
        f'<div class="hours">{spoken(HOURS)}　{spoken(support.hours)}</div></div>'
    )
