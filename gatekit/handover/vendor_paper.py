"""The frame of a request to the hospital's network vendor: to whom, until when, whom to ask, where to sign. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from gatekit.handover.markup import Html, join, plain, section, table
from gatekit.handover.page import page_html
from gatekit.handover.support_contact import support_contact
from gatekit.intent.hospital import Contact
from gatekit.plan.model import Plan

NO_SECRET = "この依頼書は装置の計画から作られ、パスワードや鍵は含まない。"  # noqa: S105 - says that there is none


def vendor_paper(
    plan: Plan,
    request: str,
    vendor: Contact,
    needed_by: date,
    sections: Iterable[Html],
    signed: Sequence[tuple[str, str]],
) -> str:
    """Return the page, A4 and Japanese; the same arguments give the same text, nothing secret is in it.

    ``request``: what is asked for, in a few words. ``vendor``: the site file's contact ``network_vendor``.
    ``needed_by``: the day the appliance is built in. ``signed``: head and printed answer of each field to fill in.
    """
    kind = f"地域医療連携ゲートウェイ　{request}のお願い"
    fields = table((plain(head) for head, _ in signed), [[plain(answer) for _, answer in signed]], "signed")
    parts = (
        _header(plan, kind, vendor, needed_by),
        *sections,
        section("contact", plain("連絡先と完了のご連絡"), support_contact(plan, english=False), fields),
        Html(f"<footer>{plain(NO_SECRET)} gatekit · {plain(plan.site)}</footer>"),
    )
    title = f"{plan.hospital.ja} · {request}のお願い · gatekit"
    return page_html(title, parts, sheets=[("gatekit.handover", "paper.css")], english=False)


def _header(plan: Plan, kind: str, vendor: Contact, needed_by: date) -> Html:
    day = f"{needed_by.year}年{needed_by.month}月{needed_by.day}日"
    facts = (("宛先", f"{vendor.organisation}　{vendor.name} 様"), ("拠点", plan.site), ("設定の期限", f"{day}まで"))
    rows = join(Html(f"<dt>{plain(name)}</dt><dd>{plain(value)}</dd>") for name, value in facts)
    return Html(
        f'<header><div class="kind">{plain(kind)}</div><h1>{plain(plan.hospital.ja)}</h1><dl>{rows}</dl></header>'
    )
