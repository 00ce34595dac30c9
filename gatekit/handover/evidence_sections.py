"""The pages that show the evidence: verdict, refusals, requirements, what was not run, versions. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gatekit.catalogue.requirement_texts import requirement_texts
from gatekit.handover.markup import Html, code, element, join, mark, plain, say, table, words
from gatekit.portable.port_scan import ports_of
from gatekit.verify.evidence import Evidence, NotRunRecord, Record
from gatekit.verify.model import Kind


def summary(evidence: Evidence) -> Html:
    """Return the verdict in four cards and a sentence about what it means."""
    failed = [row for row in evidence.records if not row.ok]
    verdict = words("すべて適合", "All held") if not failed else words("不一致あり", "Not fit")
    meaning = (
        words("計画どおりであることを確認", "as planned")
        if not failed
        else words("引渡し不可", "not to be handed over")
    )
    cards = (
        _card(verdict, meaning, "verdict failed" if failed else "verdict"),
        _card(plain(len(evidence.records) - len(failed)), words("適合した検査", "checks held")),
        _card(plain(len(failed)), words("不一致", "checks failed"), "alarm" if failed else ""),
        _card(plain(len(evidence.not_run)), words("未実施（理由あり）", "not run, with reason")),
    )
    tier_2 = sum(row.tier == 2 for row in evidence.records)
    told = words(
        f"検査用パケット {evidence.packets_sent:,} 個を送り、{evidence.duration_s:.0f} 秒で検証した。"
        f"検査のうち {tier_2} 件はシミュレーターに対するもの（水準2）、"
        "ほかは実際のパケットと実サーバーによる（水準1）。",
        f"{evidence.packets_sent:,} probe packets were sent; the verification took {evidence.duration_s:.0f} s. "
        f"{tier_2} checks ran against a simulator (tier 2), all others by packets and real servers (tier 1).",
        "p",
    )
    return join((element("div", join(cards), "cards"), told))


def _card(number: Html, text: Html, css: str = "") -> Html:
    return Html(f'<div class="card {css}"><b>{number}</b>{text}</div>')


def refusal_grid(evidence: Evidence) -> Html:
    """Return who was probed from where: one row a source, one column a target, and every violation in full."""
    rows = [row for row in evidence.records if row.kind == Kind.MUST_NOT_REACH.value]
    sources = tuple(dict.fromkeys(row.source for row in rows))
    targets = tuple(dict.fromkeys(row.destination for row in rows if row.requirement == "AP-6"))
    head = (words("送信元", "From"), *(_breaking(target) for target in targets))
    body = ((_breaking(source), *(_cell(rows, source, target) for target in targets)) for source in sources)
    probed = sum(sum(1 for _ in ports_of(row.port)) for row in rows)
    told = words(
        f"許可外の {probed:,} ポート（TCP・UDP）へ実際に送り、応答の有無を見た。✓ はすべて無応答、— は自分自身。",
        f"{probed:,} ports outside the matrix (TCP and UDP) were really sent to. ✓ means not one answered; "
        "— means itself.",
        "p",
    )
    beyond = [row for row in rows if row.requirement != "AP-6"]
    bad = [row for row in rows if not row.ok and row.requirement == "AP-6"]
    return join((told, table(head, body, "grid"), _records(bad), _records(beyond)))


def _breaking(name: str) -> Html:
    """Return a name that may break after its dot or underscore."""
    return Html(plain(name).replace("_", "_<wbr>").replace(".", ".<wbr>"))


def _cell(rows: list[Record], source: str, target: str) -> Html:
    own = [row.ok for row in rows if (row.source, row.destination) == (source, target)]
    return mark(all(own) if own else None)


def grouped_evidence(evidence: Evidence) -> Html:
    """Return the records of each requirement under its text; refusals are counted here and shown above."""
    parts: list[Html] = []
    for identity, text in requirement_texts().items():
        rows = [row for row in evidence.records if row.requirement == identity]
        if not rows:
            continue
        held = sum(row.ok for row in rows)
        shown = [row for row in rows if row.kind != Kind.MUST_NOT_REACH.value]
        hidden = len(rows) - len(shown)
        parts.append(
            Html(
                f'<h3><span class="id">{identity}</span><span>{say(text)}</span>'
                f'<span class="count">{mark(held == len(rows))} {held} / {len(rows)}</span></h3>'
            )
        )
        parts.append(_records(shown))
        if hidden:
            parts.append(
                words(
                    f"ほか {hidden} 件は前章の到達拒否の検査。",
                    f"{hidden} more are the refusals of the chapter above.",
                    "p",
                )
            )
    return join(parts)


def _records(rows: Iterable[Record]) -> Html:
    listed = list(rows)
    if not listed:
        return Html("")
    head = (
        Html(""),
        words("検査", "Check"),
        words("観測（期待）", "Observed (expected)"),
        words("秒・水準", "s · tier"),
    )
    top = join(element("th", cell) for cell in head)
    body = join(_record(row) for row in listed)
    return Html(f'<table class="evidence"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>')


def _record(row: Record) -> Html:
    tier = Html('<span class="chip two">2</span>') if row.tier == 2 else plain(row.tier)
    only_path = element("span", words("経路のみ", "path only"), "chip two")
    title = join((say(row.title), Html(" "), only_path)) if row.kind == Kind.PATH.value else say(row.title)
    seen = join((say(row.observed), element("span", say(row.expected), "expected")))
    cells = (mark(row.ok), title, seen, Html(f"{row.duration_s:.1f} · {tier}"))
    return element("tr", join(element("td", cell) for cell in cells), "" if row.ok else "failed")


def not_run(evidence: Evidence) -> Html:
    """Return what the plan raises and this site cannot prove, under each reason."""
    by_reason: dict[tuple[str, str], list[NotRunRecord]] = {}
    for row in evidence.not_run:
        by_reason.setdefault((row.reason.ja, row.reason.en), []).append(row)
    if not by_reason:
        return words("すべての検査を実施した。", "Every check was run.", "p")
    parts: list[Html] = []
    for (ja, en), rows in by_reason.items():
        parts.append(element("h3", join((words(ja, en), Html(f'<span class="count">{len(rows)}</span>')))))
        items = join(
            element("li", join((say(row.title), Html(" "), element("span", plain(row.requirement), "soft"))))
            for row in rows
        )
        parts.append(element("ul", items, "columns"))
    return join(parts)


def not_proved(evidence: Evidence) -> Html:
    """Return the requirements without any record: this report says nothing about them."""
    proved = {row.requirement for row in evidence.records}
    rest = [(identity, text) for identity, text in requirement_texts().items() if identity not in proved]
    if not rest:
        return Html("")
    items = join(element("li", join((code(identity), Html(" "), say(text)))) for identity, text in rest)
    title = words("この報告書の対象外の要件", "Requirements this report says nothing about")
    return join((element("h3", title), element("ul", items, "columns")))


def versions(evidence: Evidence) -> Html:
    """Return what ran where, and the tier of each platform."""
    head = (words("ホスト", "Host"), words("水準", "Tier"), words("版", "Versions"))
    body = (
        (
            plain(host),
            _tier(evidence, host),
            join((Html(f"{plain(name)} {code(version)}") for name, version in sorted(programs.items())), " · "),
        )
        for host, programs in evidence.versions.items()
    )
    tiers = words(
        "水準1＝実際のパケットまたは実サーバーで証明。水準2＝シミュレーターと製品資料に照らして証明。",
        "Tier 1: proved by packets or the real server. Tier 2: proved against a simulator and the vendor's reference.",
        "p",
    )
    simulated = sorted(name for name, tier in evidence.tiers.items() if tier == 2)
    named = words(
        f"水準2の装置：{'、'.join(simulated) or 'なし'}", f"Tier 2 here: {', '.join(simulated) or 'none'}", "p"
    )
    return join((tiers, named, table(head, body)))


def _tier(evidence: Evidence, host: str) -> Html:
    return plain(evidence.tiers.get(host, 1))
